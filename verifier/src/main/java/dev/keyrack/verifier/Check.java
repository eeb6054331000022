package dev.keyrack.verifier;

import java.util.Optional;

/**
 * One condition of a verification, for those who may see the key: what was looked at, whether it held, and what would.
 *
 * @param refusal the code that a verification is refused with when it does not hold
 * @param outcome whether it held
 * @param seen the value that was asked about; empty where none was told, or none is asked for
 * @param nearest what of the allowed values is most like it; empty when it held, or when nothing is allowed
 * @param says why, for a person
 */
public record Check(Code refusal, Outcome outcome, Optional<String> seen, Optional<String> nearest, Sentence says) {
    /** How a condition turned out. */
    public enum Outcome {
        /** The key does not have this condition, or the question does not touch it. */
        NOT_SET,
        HELD,
        /** It did not hold, and refuses. */
        REFUSED,
        /** It did not hold, and is only observed. */
        OBSERVED
    }

    static Check notSet(Code refusal, Sentence says) {
        return new Check(refusal, Outcome.NOT_SET, Optional.empty(), Optional.empty(), says);
    }

    static Check held(Code refusal, Optional<String> seen, Sentence says) {
        return new Check(refusal, Outcome.HELD, seen, Optional.empty(), says);
    }

    static Check refused(Code refusal, Optional<String> seen, Optional<String> nearest, Sentence says) {
        return new Check(refusal, Outcome.REFUSED, seen, nearest, says);
    }

    Check observed() {
        return new Check(refusal, Outcome.OBSERVED, seen, nearest, says);
    }
}
