package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Cause;
import dev.keyrack.verifier.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A member who types their password again: guessing is counted, and slowed down, as at sign-in. */
record PasswordGuesses(SignInFailures failures, DeniedCalls denied) {
    /**
     * How it went.
     *
     * @param pause how long to wait before the next try; the password was not looked at then. Else zero
     */
    record Outcome(boolean good, Duration pause) {}

    /** @param matches looks at the password */
    Outcome check(Cause cause, Member member, Optional<Secret> device, BooleanSupplier matches) {
        SignInFailures.Try attempt = failures.attempt(cause, member.email(), device);
        if (attempt.pause().isPositive()) {
            return new Outcome(false, attempt.pause());
        }
        boolean good = matches.getAsBoolean();
        if (good) {
            failures.forget(cause, attempt);
        } else {
            denied.count(cause.address(), new DeniedCalls.Tried(DeniedCalls.Why.PASSWORD, member.id()));
        }
        return new Outcome(good, Duration.ZERO);
    }
}
