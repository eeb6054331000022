package dev.keyrack.gate;

import dev.keyrack.verifier.Fault;
import dev.keyrack.verifier.Lease;
import dev.keyrack.verifier.Replica;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a node registered and its lease alive: says what the replica has applied, at once after a change that narrows and
 * otherwise every second.
 *
 * <p>Guarantees: only what is in force in the replica is reported; the lease counts from before the report was sent; no
 * registration is given up before its lease was dropped. {@link FeedFollower} drives it from its thread.
 */
public final class LeaseKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final long LONGEST_PAUSE = 1_000_000_000L;

    /** After a failure, or while the replica is behind. */
    private static final long RETRY = 100_000_000L;

    private final Registrar registrar;
    private final Registrar.Node node;
    private final Replica replica;
    private final Lease lease;
    private final LongSupplier nanos;
    private final Supplier<String> ids;

    private volatile boolean due;

    /** Guards {@link #lost} together with what is granted, so that no grant outlives the loss of its feed. */
    private final Object granting = new Object();

    private boolean lost;

    /** The registration that was asked for last: it may be there even if the answer was not heard. */
    private volatile @Nullable String registration;

    private boolean registered;
    private long registeredAs;
    private long reported = -1;
    private long reportedAt;
    private long pause = LONGEST_PAUSE;
    private boolean waiting;
    private boolean failing;

    /**
     * @param lease what the node's verifier is under
     * @param nanos the clock of the lease
     * @param ids makes the ids of registrations, each once and not to be guessed
     */
    public LeaseKeeper(
            Registrar registrar,
            Registrar.Node node,
            Replica replica,
            Lease lease,
            LongSupplier nanos,
            Supplier<String> ids) {
        this.registrar = registrar;
        this.node = node;
        this.replica = replica;
        this.lease = lease;
        this.nanos = nanos;
        this.ids = ids;
    }

    /** The registration under which this node is known, or was asking to be. */
    public @Nullable String registration() {
        return registration;
    }

    /** The replica has applied a change that others wait for: report at once. */
    void narrowed() {
        due = true;
    }

    /** Whether a report should go out now. */
    boolean due() {
        return due;
    }

    /** Only where {@link Fault#REPORT_BEFORE_APPLYING} is planted: says of a number that it is in force, which it is not. */
    void reportUnapplied(long number, long tag) {
        String own = registration;
        if (own != null && registrar.report(own, number, tag) instanceof Registrar.Answer.Granted granted) {
            granted(nanos.getAsLong(), granted);
        }
    }

    /** The feed that the replica followed is not the database's any more. */
    void lost() {
        synchronized (granting) {
            lost = true;
            lease.drop();
        }
    }

    /**
     * Does what is to be done now. Called by one thread at a time.
     *
     * @return after how many nanoseconds to be called again; 0 for at once, after the feed was read again
     */
    long tend() {
        try {
            long next = step();
            if (failing) {
                failing = false;
                LOG.info("the control plane takes this node's reports again");
            }
            return next;
        } catch (FeedUnavailable e) {
            // What was to be said is still to be said: whoever waits for it need not wait for the next regular report.
            due = true;
            if (!failing) {
                failing = true;
                LOG.warn("{}; no token is answered VALID when the lease is over; trying again", e.why());
                LOG.debug("why this node is not heard", e);
            }
            return RETRY;
        }
    }

    private long step() {
        if (!registered || isLost()) {
            register();
            return 0;
        }
        if (replica.number() < registeredAs) {
            return RETRY;
        }
        long now = nanos.getAsLong();
        if (!due && !waiting && now - reportedAt < pause) {
            return pause - (now - reportedAt);
        }
        return report(now);
    }

    private boolean isLost() {
        synchronized (granting) {
            return lost;
        }
    }

    private void register() {
        Registrar.Former former = null;
        String last = registration;
        synchronized (granting) {
            lease.drop();
            if (last != null) {
                former = new Registrar.Former(last, lost ? Registrar.End.DIVERGED : Registrar.End.REPLACED);
            }
            lost = false;
            registered = false;
        }
        String next = ids.get();
        registration = next;
        long askedAt = nanos.getAsLong();
        registeredAs = registrar.register(next, node, former);
        if (Fault.REGISTRATION_WITHOUT_NUMBER.planted()) {
            lease.grant(askedAt, 5 * LONGEST_PAUSE, 5 * LONGEST_PAUSE);
        }
        registered = true;
        waiting = true;
    }

    private long report(long now) {
        due = false;
        String own = registration;
        if (own == null) {
            throw new IllegalStateException("only a registered node reports");
        }
        Replica.Position applied = replica.position();
        boolean moved = applied.number() != reported;
        Registrar.Answer answer = registrar.report(own, applied.number(), applied.tag());
        reported = applied.number();
        reportedAt = now;
        return switch (answer) {
            case Registrar.Answer.Granted granted -> granted(now, granted);
            case Registrar.Answer.Behind behind -> {
                waiting = true;
                yield moved ? 0 : RETRY;
            }
            case Registrar.Answer.Diverged diverged -> {
                LOG.warn("the database has another history than this node: taking a new snapshot");
                lost();
                yield RETRY;
            }
            case Registrar.Answer.Ended ended -> {
                LOG.info("this node's registration has ended: registering anew");
                registered = false;
                yield 0;
            }
        };
    }

    private long granted(long askedAt, Registrar.Answer.Granted granted) {
        long publishable = granted.publishable().toNanos();
        long secret = granted.secret().toNanos();
        synchronized (granting) {
            if (!lost) {
                lease.grant(askedAt, publishable, secret);
            }
        }
        waiting = false;
        pause = Math.min(LONGEST_PAUSE, Math.min(publishable, secret) / 4);
        return pause;
    }

    /** Ends the registration. The node must have stopped answering. */
    void stop() {
        lease.drop();
        String own = registration;
        if (own == null) {
            return;
        }
        try {
            registrar.end(own, Registrar.End.STOPPED);
        } catch (FeedUnavailable e) {
            LOG.warn("{}; the next revocation waits for this node's lease to run out", e.why());
            LOG.debug("why this node could not say goodbye", e);
        }
    }
}
