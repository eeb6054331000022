package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passwords that members choose: the rules for a new one, and changing one's own. */
public final class ChosenPasswords {
    private final Store store;
    private final Passwords passwords;
    private final PasswordGuesses guesses;
    private final PasswordRules rules = new PasswordRules();
    private final MemberSql sql = new MemberSql();

    public ChosenPasswords(Store store, Passwords passwords, SignInFailures failures, DeniedCalls denied) {
        this.guesses = new PasswordGuesses(failures, denied);
        this.store = store;
        this.passwords = passwords;
    }

    /**
     * A new password as it is kept. Takes its time: not within a transaction.
     *
     * @param pointer where the password stands in the request
     * @param organization the name of the organization that it is for
     * @throws ProblemException with what to do, if it is none that may be chosen
     */
    String hashOf(Secret password, String pointer, String email, String organization) {
        rules.refusal(password, email, organization).ifPresent(refusal -> {
            throw new ProblemException(Problem.InvalidRequest.at(pointer, refusal));
        });
        return passwords.hash(password);
    }

    /**
     * Changes the caller's password, and ends their sessions. Guessing the current one is slowed down as at sign-in.
     *
     * @param session the id of the session that stays, the caller's own; nothing for none
     * @param device what the caller's browser kept from an earlier sign-in
     * @throws ProblemException if the current one is another, or the new one may not be chosen; nothing is changed
     */
    void change(Caller caller, Secret current, Secret wanted, @Nullable String session, Optional<Secret> device) {
        Member member = caller.member();
        if (member == null) {
            throw new ProblemException(new Problem.Forbidden(Sentence.of("problem.password-of-operator")));
        }
        String former = store.read(tx -> sql.password(tx, member.id()))
                .orElseThrow(() -> new ProblemException(new Problem.Conflict(Sentence.of("problem.no-password-yet"))));
        PasswordGuesses.Outcome typed =
                guesses.check(caller.cause(), member, device, () -> passwords.matches(current, former));
        if (typed.pause().isPositive()) {
            long seconds = typed.pause().plusMillis(999).toSeconds();
            throw new ProblemException(
                    new Problem.TooManyTries(Sentence.of("problem.too-many-passwords", seconds), seconds));
        }
        if (!typed.good()) {
            throw new ProblemException(Problem.InvalidRequest.at("/current", Sentence.of("problem.not-your-password")));
        }
        String hash = hashOf(
                wanted,
                "/password",
                member.email(),
                caller.requireOrganization().name());
        caller.change(store, tx -> {
            if (!sql.password(tx, member.id()).equals(Optional.of(former))) {
                throw new ProblemException(new Problem.Conflict(Sentence.of("problem.password-changed-elsewhere")));
            }
            sql.setPassword(tx, member.id(), hash);
            sql.endSessions(tx, member.id(), session);
            return Change.of(hash, changed(member, "the former password"));
        });
    }

    /** @param by what allowed it */
    static AuditEvent changed(Member member, String by) {
        return new AuditEvent(
                member.organizationId(), AuditAction.PASSWORD_CHANGED, member.target(), null, Map.of("by", by));
    }
}
