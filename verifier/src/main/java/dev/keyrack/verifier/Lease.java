package dev.keyrack.verifier;

import java.util.function.LongSupplier;

/**
 * Until when a node may say yes without hearing from the control plane again.
 *
 * <p>Guarantees: it ends by itself, because every verdict compares the clock, and no timer has to run for it; it counts
 * from before the node asked for it and ends at nine tenths of the length that was granted, so that it is over before
 * whoever counts the full length from a later moment stops waiting. Any number of threads may ask; {@link #grant} and
 * {@link #drop} are safe beside them.
 */
public final class Lease {
    private static final long FOREVER = Long.MAX_VALUE;
    private static final long OVER = Long.MIN_VALUE;

    /** For the process that holds the embedded store: what it changes is in force in it before the change is answered. */
    public static final Lease UNLIMITED = new Lease(() -> 0, Term.ALWAYS);

    private final LongSupplier nanos;
    private volatile Term term;

    /**
     * One grant, as it was given: a later one is another object. Clock readings, for each class of key.
     *
     * @param publishable until when for web and mobile keys
     * @param secret until when for analytics and server keys
     */
    record Term(long publishable, long secret) {
        static final Term ALWAYS = new Term(FOREVER, FOREVER);
        static final Term NEVER = new Term(OVER, OVER);

        long until(KeyType type) {
            return type.publishable() ? publishable : secret;
        }
    }

    /**
     * A lease that was not granted yet.
     *
     * @param nanos a clock in nanoseconds that never goes back and counts the time in which the machine is
     *     suspended
     */
    public Lease(LongSupplier nanos) {
        this(nanos, Term.NEVER);
    }

    private Lease(LongSupplier nanos, Term term) {
        this.nanos = nanos;
        this.term = term;
    }

    /**
     * Takes over what was granted.
     *
     * @param askedAt what this lease's clock said before the question for it was sent
     * @param publishable length for publishable keys, in nanoseconds
     * @param secret length for secret keys, in nanoseconds
     */
    public void grant(long askedAt, long publishable, long secret) {
        requireLimited();
        term = new Term(askedAt + publishable / 10 * 9, askedAt + secret / 10 * 9);
    }

    /** Ends it now. */
    public void drop() {
        requireLimited();
        term = Term.NEVER;
    }

    private void requireLimited() {
        if (this == UNLIMITED) {
            throw new IllegalStateException("a process that needs no lease is granted none");
        }
    }

    /**
     * How long keys of every class may still be answered {@code VALID}, in nanoseconds: 0 when the lease is over,
     * {@code Long.MAX_VALUE} when it never is.
     */
    public long left() {
        Term now = term;
        long until = Math.min(now.publishable, now.secret);
        if (until == FOREVER) {
            return FOREVER;
        }
        return until == OVER ? 0 : Math.max(0, until - nanos.getAsLong());
    }

    /** What was granted last. To be read before what it is to vouch for: see {@link Verifier}. */
    Term term() {
        return term;
    }

    /** Whether a yes about a key of this type may be said at this moment, under this grant. */
    static boolean holds(Term granted, KeyType type, Moment moment) {
        long until = granted.until(type);
        return until == FOREVER || moment.nanos() < until;
    }
}
