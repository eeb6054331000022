package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signing in with e-mail address and password.
 *
 * <p>Guarantees: the same answer, after the same work, for an address that nobody has and for a wrong password; guessing is
 * slowed down by {@link SignInFailures}, before the password is looked at.
 */
public final class SignIn {
    /** No password is longer; what is, is not worth the work. */
    private static final int LONGEST = 500;

    private final Store store;
    private final Sessions sessions;
    private final Passwords passwords;
    private final SignInFailures failures;
    private final DeniedCalls denied;
    private final SessionSql sql = new SessionSql();

    public SignIn(Store store, Sessions sessions, Passwords passwords, SignInFailures failures, DeniedCalls denied) {
        this.store = store;
        this.sessions = sessions;
        this.passwords = passwords;
        this.failures = failures;
        this.denied = denied;
    }

    /** How it went. */
    sealed interface Outcome {
        /** @param device what the browser keeps, so that others' guesses do not slow it down */
        record In(Sessions.Begun begun, Secret device) implements Outcome {}

        /** Address or password are not good. */
        record NotGood() implements Outcome {}

        /** The password is good, but the organization is suspended or deleted. */
        record Suspended(Organization organization) implements Outcome {}

        /** Too many tries of late. The password was not looked at. */
        record Wait(Duration time) implements Outcome {}
    }

    /**
     * @param organization the subdomain of the organization to sign in to; nothing for any
     * @param device what the browser kept from an earlier sign-in
     */
    Outcome signIn(
            String email,
            Secret password,
            @Nullable String organization,
            Optional<Secret> device,
            @Nullable String address,
            String requestId,
            String browser) {
        Cause tried = new Cause(Actor.SYSTEM, address, requestId);
        SignInFailures.Try attempt = failures.attempt(tried, email, device);
        if (attempt.pause().isPositive()) {
            return new Outcome.Wait(attempt.pause());
        }
        List<SessionSql.Membership> good = good(email, password);
        if (good.isEmpty()) {
            denied.count(address, new DeniedCalls.Tried(DeniedCalls.Why.PASSWORD));
            return new Outcome.NotGood();
        }
        failures.forget(tried, attempt);
        List<SessionSql.Membership> open =
                good.stream().filter(m -> !m.organization().suspended()).toList();
        if (open.isEmpty()) {
            return new Outcome.Suspended(good.getFirst().organization());
        }
        List<SessionSql.Membership> ordered = new ArrayList<>(open);
        ordered.sort(java.util.Comparator.comparing(
                m -> !m.organization().subdomain().equals(organization)));
        Cause cause = new Cause(Sessions.actor(ordered.getFirst().member()), address, requestId);
        return new Outcome.In(sessions.begin(ordered, cause, browser), failures.deviceOf(email, device));
    }

    /** The memberships of an address whose password this is. */
    private List<SessionSql.Membership> good(String email, Secret password) {
        List<SessionSql.Membership> good = new ArrayList<>();
        boolean worked = false;
        if (password.reveal().length() > LONGEST) {
            passwords.dummy();
            return good;
        }
        for (SessionSql.Membership membership : store.read(tx -> sql.memberships(tx, email))) {
            String hash = membership.password().orElse(null);
            if (hash != null) {
                worked = true;
                if (passwords.matches(password, hash)) {
                    good.add(membership);
                }
            }
        }
        if (!worked) {
            passwords.dummy();
        }
        return good;
    }

    /** Notes that the password was typed again, if it is the member's. */
    PasswordGuesses.Outcome confirm(
            Sessions.Signed signed,
            Secret password,
            Optional<Secret> device,
            @Nullable String address,
            String requestId) {
        Member member = signed.session().member();
        Cause cause = new Cause(Sessions.actor(member), address, requestId);
        PasswordGuesses.Outcome outcome = new PasswordGuesses(failures, denied)
                .check(
                        cause,
                        member,
                        device,
                        () -> good(member.email(), password).stream()
                                .anyMatch(m -> m.member().id().equals(member.id())));
        if (outcome.good()) {
            sessions.confirm(signed);
        }
        return outcome;
    }
}
