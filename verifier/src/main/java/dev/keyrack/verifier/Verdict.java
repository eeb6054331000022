package dev.keyrack.verifier;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The answer to a verification. A value: nothing is thrown for a token that is not good. */
public sealed interface Verdict {
    Code code();

    /** The key that was asked about, where the caller proved to hold a token of it. */
    Optional<ReplicaKey> about();

    /** Which token of the key was used: 1 for the first; 0 where no key is known. */
    int generation();

    /**
     * The restrictions that the key only observes, and that did not hold. Whether they did is not looked at where the key was
     * refused before its restrictions, nor where the node is {@code STALE}.
     */
    Set<Rule> observed();

    /** The superseded token that was used, when it works until its end; empty for the newest, and for one that has ended. */
    default Optional<FeedChange.Token> inOverlap() {
        ReplicaKey key = about().orElse(null);
        return key == null || code() == Code.REVOKED ? Optional.empty() : key.superseded(generation());
    }

    /**
     * When the token that was used stops working by itself, because its overlap or its key ends then, in microseconds since
     * 1970; {@link FeedChange#NEVER} for never, and where no key is known.
     */
    default long endsAt() {
        return Math.min(
                about().map(ReplicaKey::expiresAt).orElse(FeedChange.NEVER),
                inOverlap().map(FeedChange.Token::endsAt).orElse(FeedChange.NEVER));
    }

    /** The token is good, here and now. */
    record Valid(ReplicaKey key, int generation, Set<Rule> observed) implements Verdict {
        @Override
        public Code code() {
            return Code.VALID;
        }

        @Override
        public Optional<ReplicaKey> about() {
            return Optional.of(key);
        }
    }

    /**
     * The token is not good, or not here, or not for this.
     *
     * @param key nothing for {@code MALFORMED} and {@code UNKNOWN}, which must not tell whether a key exists
     */
    record Refused(Code code, @Nullable ReplicaKey key, int generation, Set<Rule> observed) implements Verdict {
        static final Refused MALFORMED = new Refused(Code.MALFORMED, null, 0, Set.of());
        static final Refused UNKNOWN = new Refused(Code.UNKNOWN, null, 0, Set.of());
        static final Refused NOT_LOADED = new Refused(Code.STALE, null, 0, Set.of());

        @Override
        public Optional<ReplicaKey> about() {
            return Optional.ofNullable(key);
        }
    }
}
