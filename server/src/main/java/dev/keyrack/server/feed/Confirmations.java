package dev.keyrack.server.feed;

import dev.keyrack.gate.FeedSql;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Committed;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a change is in force on every node, or can no longer be overlooked by one.
 *
 * <p>Guarantee: when {@link #of} has returned, every node that was registered for the organization has applied the newest
 * change that narrows something of it, or holds no lease that was granted without knowing it. Time is counted by this
 * process's own clock, from after the commit.
 */
public final class Confirmations {
    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "confirmation");

    private final Store store;
    private final String node;
    private final @Nullable Leased leased;

    /**
     * What is needed where nodes have leases.
     *
     * @param inDoubt when it last came to be doubtful whether the database knows every lease, by the clock
     * @param longestSeen the longest lease that anybody may hold, in nanoseconds, as far as this process has seen
     */
    private record Leased(
            NodeRounds rounds,
            NodeSql sql,
            Supplier<@Nullable String> own,
            LongSupplier nanos,
            NodeMetrics metrics,
            AtomicLong inDoubt,
            AtomicLong longestSeen) {}

    private Confirmations(Store store, String node, @Nullable Leased leased) {
        this.store = store;
        this.node = node;
        this.leased = leased;
    }

    /**
     * On the embedded store there is one node, the gate of this process, and {@link Store#change} returns only when that
     * has applied the change.
     *
     * @param node the name of this process's own gate
     */
    public static Confirmations embedded(Store store, String node) {
        return new Confirmations(store, node, null);
    }

    /**
     * Where other processes verify, too. It begins in doubt, see {@link #inDoubt}.
     *
     * @param own the registration of this process's own gate
     * @param lease the length of leases, as far as it is known before the store was asked
     * @param nanos a monotonic clock
     */
    public static Confirmations leased(
            Store store,
            String node,
            Supplier<@Nullable String> own,
            Duration lease,
            LongSupplier nanos,
            NodeMetrics metrics) {
        metrics.expectCalls();
        Confirmations confirmations = new Confirmations(
                store,
                node,
                new Leased(
                        new NodeRounds(store),
                        new NodeSql(),
                        own,
                        nanos,
                        metrics,
                        new AtomicLong(),
                        new AtomicLong(lease.toNanos())));
        confirmations.inDoubt();
        return confirmations;
    }

    /**
     * There may be nodes that hold a lease of which this database knows nothing: it was restored or failed over, or this
     * process has not watched it until now. For the length of a lease from now on, every change waits for that length.
     */
    public void inDoubt() {
        if (leased != null) {
            leased.inDoubt.set(leased.nanos.getAsLong());
        }
    }

    /** As {@link #of(Committed, String)}, for a change that concerns the keys of every organization. */
    public Confirmation ofEveryOrganization(Committed<?> change) {
        return of(change, FeedSql.EVERY_ORGANIZATION);
    }

    /**
     * Waits for the change, and for what was changed before it: a repeated call waits again.
     *
     * @throws StoreFailure if the nodes could not be read for as long as a lease lasts; the change is stored, and
     *     repeating the call is safe
     */
    public Confirmation of(Committed<?> change, String organizationId) {
        return of(change, organizationId, leased == null ? lag -> {} : leased.metrics::call);
    }

    /**
     * Of a change after which no token is refused that was good before: it is in force in this process, and the other nodes
     * hear of it by themselves. Nobody is waited for, also not for what others changed before.
     */
    public Confirmation here(Committed<?> change) {
        return new Confirmation(change.sequence(), List.of(node), List.of(), Times.text(store.now()));
    }

    /** @param lag told how many nanoseconds a change that narrows took, from when it was committed */
    Confirmation of(Committed<?> change, String organizationId, LongConsumer lag) {
        if (leased == null) {
            return here(change);
        }
        Awaited done = await(leased, change, organizationId, lag);
        List<String> confirmed = new ArrayList<>(List.of(node));
        confirmed.addAll(done.confirmed());
        return new Confirmation(done.number(), confirmed, done.expired(), Times.text(store.now()));
    }

    private Awaited await(Leased with, Committed<?> change, String organizationId, LongConsumer lag) {
        long sequence = change.sequence();
        long since = with.nanos.getAsLong();
        Awaited awaited = null;
        while (true) {
            try {
                NodeRounds.Round round = round(with, awaited == null);
                with.longestSeen.accumulateAndGet(TimeUnit.MICROSECONDS.toNanos(round.longestLease()), Math::max);
                if (awaited == null) {
                    long number = change.narrows(organizationId)
                            ? sequence
                            : store.ask(tx -> with.sql.newestNarrowing(tx, organizationId, sequence));
                    awaited = new Awaited(number, organizationId, round.live(), with.own.get());
                }
                long elapsed = with.nanos.getAsLong() - since;
                boolean looked = look(with, awaited, round, TimeUnit.NANOSECONDS.toMicros(elapsed));
                if (looked && !(doubtful(with, since) && elapsed < with.longestSeen.get())) {
                    if (sequence == awaited.number()) {
                        lag.accept(elapsed);
                    }
                    return awaited;
                }
            } catch (StoreFailure e) {
                if (with.nanos.getAsLong() - since > with.longestSeen.get()) {
                    throw StoreFailure.unconfirmed(e);
                }
            }
        }
    }

    /** Whether there may be leases at this moment that the database does not know. */
    private static boolean doubtful(Leased with, long moment) {
        return moment - with.inDoubt.get() < with.longestSeen.get();
    }

    private boolean look(Leased with, Awaited awaited, NodeRounds.Round round, long elapsed) {
        return awaited.look(
                round.live(),
                elapsed,
                late -> store.change(
                                CAUSE,
                                tx -> Change.none(with.sql.lapse(tx, late.registration(), awaited.number(), elapsed)))
                        .result(),
                registration -> store.ask(tx -> with.sql.node(tx, registration)));
    }

    private static NodeRounds.Round round(Leased with, boolean first) {
        try {
            return with.rounds.next(first).get(with.longestSeen.get(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreFailure failure) {
                throw failure;
            }
            throw new IllegalStateException("the nodes could not be read", e.getCause());
        } catch (TimeoutException e) {
            throw StoreFailure.unconfirmed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a change was being confirmed", e);
        }
    }
}
