package dev.keyrack.verifier;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers whether a token is good here and now, from a {@link Replica} and nothing else.
 *
 * <p>Guarantees: it never blocks, never throws for any token, and allocates nothing but the verdict; a key that was
 * revoked, disabled or superseded in the replica is never {@code VALID} from then on; nothing is {@code VALID} that
 * is asked after the node's {@link Lease} has ended, by the clock as it is when the verdict is made. Safe for any number of
 * threads.
 */
public final class Verifier {
    private static final Set<Rule> NOTHING = Restrictions.SETS.getFirst();

    /** In place of a generation: whichever is the newest. */
    private static final int NEWEST = 0;

    private final Replica replica;
    private final Lease lease;
    private final ThreadLocal<Readers> readers;

    /** What one thread needs to read a question, made once. */
    private static final class Readers {
        final TokenReader token = new TokenReader();
        final CallerReader caller = new CallerReader();
        final Moment moment;

        /** Where {@link Restrictions#fetch} is kept. */
        @SuppressWarnings("UnusedVariable") // written so that what was read is not left out
        int fetched;

        Readers(NodeClock clock) {
            moment = new Moment(clock);
        }
    }

    /**
     * On a node that needs no lease, since it holds the store itself.
     *
     * @param now the control plane's time in microseconds since 1970
     */
    public Verifier(Replica replica, LongSupplier now) {
        this(
                replica,
                new NodeClock() {
                    @Override
                    public long nanos() {
                        return 0;
                    }

                    @Override
                    public long at(long nanos) {
                        return now.getAsLong();
                    }
                },
                Lease.UNLIMITED);
    }

    /**
     * @param clock that the lease is counted by
     * @param lease without which nothing is {@code VALID}
     */
    public Verifier(Replica replica, NodeClock clock, Lease lease) {
        this.replica = replica;
        this.lease = lease;
        this.readers = ThreadLocal.withInitial(() -> new Readers(clock));
    }

    /** The lease that its verdicts are under. */
    public Lease lease() {
        return lease;
    }

    /** The verdict for an asker that may verify every key. */
    public Verdict verify(Question question) {
        return verify(question, Scope.ALL);
    }

    public Verdict verify(Question question, Scope scope) {
        Readers own = readers.get();
        TokenReader reader = own.token;
        int id = reader.take(question.token());
        if (id < 0) {
            return Verdict.Refused.MALFORMED;
        }
        // The grant before the keys: one that was given for a newer state of the keys must not vouch for an older one,
        // if this thread is held up in between.
        Lease.Term term = lease.term();
        own.moment.begin();
        ReplicaTable table = replica.table();
        if (table == null) {
            return reader.isToken() ? Verdict.Refused.NOT_LOADED : Verdict.Refused.MALFORMED;
        }
        long idHigh = ReplicaKey.high(reader.token(), id);
        int idLow = ReplicaKey.low(reader.token(), id);
        ReplicaKey key = table.find(idHigh, idLow);
        while (key != null && scope.covers(key.organization())) {
            Verdict verdict = verdict(table, term, key, own, question);
            // A key that was disabled under our feet, before its organization was resumed, was good at no moment: a yes
            // counts only if the key is still the one that it was before everything else was looked at.
            ReplicaKey now = verdict instanceof Verdict.Valid ? table.find(idHigh, idLow) : key;
            if (now == key) {
                return verdict;
            }
            key = now;
        }
        return reader.isToken() ? Verdict.Refused.UNKNOWN : Verdict.Refused.MALFORMED;
    }

    /**
     * The verdict for somebody who showed a token of this key before, and was given something for it that stands for the
     * token: a visitor's session.
     *
     * <p>Guarantee: it is what {@link #verify(Question)} would say of that token now, in the same order and under the same
     * lease, but for the restrictions that are excused: {@code REVOKED} once the token's overlap has ended or another
     * generation has taken its place, never {@code VALID} from the moment at which the token is not. A generation that
     * this node has not heard of yet is {@code UNKNOWN}, as its token would be.
     *
     * @param generation of the token, as the verdict about it told
     * @param question its token does not matter
     * @param excused restrictions that are not tested, nor told of when the key only observes them
     */
    public Verdict verify(KeyId id, int generation, Question question, Set<Rule> excused) {
        return ofKey(id, generation, question, excused);
    }

    /**
     * As {@link #verify(KeyId, int, Question, Set)}, for somebody who needs no token: a page of Keyrack's own.
     *
     * <p>Guarantee: it is what would be said of the newest token that this node knows of, whichever that is.
     */
    public Verdict verify(KeyId id, Question question, Set<Rule> excused) {
        return ofKey(id, NEWEST, question, excused);
    }

    /**
     * Whether an organization is turned off, for what is done in its name without any of its keys.
     *
     * <p>Guarantee: as soon as this node refuses the organization's keys for it, this is so; of one that the node has not heard
     * of, it is not.
     */
    public boolean suspended(String organizationId) {
        ReplicaTable table = replica.table();
        return table != null && table.suspended(organizationId);
    }

    private Verdict ofKey(KeyId id, int generation, Question question, Set<Rule> excused) {
        // In this order, for the reason given above.
        Lease.Term term = lease.term();
        ReplicaTable table = replica.table();
        if (table == null) {
            return Verdict.Refused.NOT_LOADED;
        }
        byte[] text = id.value().getBytes(StandardCharsets.US_ASCII);
        long idHigh = ReplicaKey.high(text, 0);
        int idLow = ReplicaKey.low(text, 0);
        Readers own = readers.get();
        own.moment.begin();
        while (true) {
            ReplicaKey key = table.find(idHigh, idLow);
            if (key == null || generation > key.generation()) {
                return Verdict.Refused.UNKNOWN;
            }
            int asked = generation == NEWEST ? key.generation() : generation;
            Verdict verdict =
                    decide(table, term, key, asked, endOf(key, asked), question, own, Restrictions.bits(excused));
            if (!(verdict instanceof Verdict.Valid) || table.find(idHigh, idLow) == key) {
                return verdict;
            }
        }
    }

    /** When this generation of a key's token ends: one that the key no longer knows has ended long since. */
    static long endOf(ReplicaKey key, int generation) {
        return generation == key.generation()
                ? FeedChange.NEVER
                : key.superseded(generation).map(FeedChange.Token::endsAt).orElse(Long.MIN_VALUE);
    }

    /** For a text of a token's length with the id of this key in its place. */
    private Verdict verdict(ReplicaTable table, Lease.Term term, ReplicaKey key, Readers own, Question question) {
        TokenReader reader = own.token;
        own.fetched = key.restrictions().fetch();
        UniversalHash hash = reader.hash();
        if (key.knows(hash)) {
            return decide(table, term, key, key.generation(), FeedChange.NEVER, question, own, 0);
        }
        // Before the digest, which leaves the check out: a token has one spelling.
        if (!reader.isToken()) {
            return Verdict.Refused.MALFORMED;
        }
        byte[] digest = reader.digest();
        if (key.hasDigest(digest)) {
            key.saw(hash);
            return decide(table, term, key, key.generation(), FeedChange.NEVER, question, own, 0);
        }
        FeedChange.Token older = key.olderWithDigest(digest);
        return older == null
                ? Verdict.Refused.UNKNOWN
                : decide(table, term, key, older.generation(), older.endsAt(), question, own, 0);
    }

    /**
     * Decides in the order of {@link Code}, for a caller that holds a token of this key.
     *
     * @param excused restrictions that do not matter, a bit for each
     */
    private Verdict decide(
            ReplicaTable table,
            Lease.Term term,
            ReplicaKey key,
            int generation,
            long endsAt,
            Question question,
            Readers own,
            int excused) {
        CallerReader caller = own.caller;
        Moment moment = own.moment;
        if (question.user() != null && !names(question.user(), key)) {
            return Verdict.Refused.UNKNOWN;
        }
        Code refusal = refusal(table, key, endsAt, question, caller, excused, moment);
        if (refusal != null) {
            Set<Rule> observed = refusal.compareTo(Code.WEBSITE_NOT_ALLOWED) < 0
                    ? NOTHING
                    : observed(key.restrictions(), question, caller, excused, moment);
            return new Verdict.Refused(refusal, key, generation, observed);
        }
        return table.halted() == null && (Lease.holds(term, key.type(), moment) || Fault.LEASE_NOT_CHECKED.planted())
                ? new Verdict.Valid(key, generation, observed(key.restrictions(), question, caller, excused, moment))
                : new Verdict.Refused(Code.STALE, key, generation, NOTHING);
    }

    /** What refuses a token that ends at this time, or nothing. */
    static @Nullable Code refusal(
            ReplicaTable table,
            ReplicaKey key,
            long endsAt,
            Question question,
            CallerReader caller,
            int excused,
            LongSupplier now) {
        if (key.state() == KeyState.REVOKED) {
            return Code.REVOKED;
        }
        if (endsAt != FeedChange.NEVER || key.expiresAt() != FeedChange.NEVER) {
            long time = now.getAsLong();
            if (endsAt <= time) {
                return Code.REVOKED;
            }
            if (key.expiresAt() <= time) {
                return Code.EXPIRED;
            }
        }
        if (key.state() == KeyState.DISABLED) {
            return Code.DISABLED;
        }
        if (key.organization().suspended()) {
            return Code.SUSPENDED;
        }
        Restrictions restrictions = key.restrictions();
        if (!restrictions.isEmpty()) {
            int refusing = restrictions.refusing(restrictions.failed(question, caller, now)) & ~excused;
            if (refusing != 0) {
                return Restrictions.first(refusing).refusal();
            }
        }
        String permission = question.permission();
        return permission == null || key.grants(permission, table.catalogue()) ? null : Code.PERMISSION_DENIED;
    }

    /** The restrictions that the key only observes, and that did not hold. */
    private static Set<Rule> observed(
            Restrictions restrictions, Question question, CallerReader caller, int excused, LongSupplier now) {
        if (!restrictions.observesAny()) {
            return NOTHING;
        }
        int failed = restrictions.failed(question, caller, now) & ~excused;
        return Restrictions.SETS.get(failed & ~restrictions.refusing(failed));
    }

    private static boolean names(String user, ReplicaKey key) {
        return user.equals(key.organization().subdomain()) || user.equals(key.id());
    }
}
