package dev.keyrack.verifier;

import java.util.Optional;

/** A {@link Check} as somebody reads it who speaks English. */
record Told(Code refusal, Check.Outcome outcome, Optional<String> seen, Optional<String> nearest, String detail) {
    static Told of(Check check) {
        return new Told(check.refusal(), check.outcome(), check.seen(), check.nearest(), English.of(check.says()));
    }

    static Told held(Code refusal, Optional<String> seen, String detail) {
        return new Told(refusal, Check.Outcome.HELD, seen, Optional.empty(), detail);
    }

    static Told refused(Code refusal, Optional<String> seen, Optional<String> nearest, String detail) {
        return new Told(refusal, Check.Outcome.REFUSED, seen, nearest, detail);
    }
}
