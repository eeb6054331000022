package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Sentence;
import org.jspecify.annotations.Nullable;

/** Who may do what with members of which role, judged by the roles as they are in the transaction. */
final class Seniority {
    private final AccountSql accounts = new AccountSql();
    private final MemberSql members = new MemberSql();

    /**
     * The caller as they are now. Until the commit, nobody else changes the members of the organization.
     *
     * @throws ProblemException if they are no longer a member
     */
    Of of(Tx tx, Caller caller, String organizationId) {
        if (accounts.organization(tx, organizationId).isEmpty()) {
            throw new ProblemException(new Problem.NotFound());
        }
        Member judged = caller.member();
        if (judged == null) {
            return new Of(null);
        }
        return new Of(members.member(tx, organizationId, judged.id())
                .orElseThrow(
                        () -> new ProblemException(new Problem.Forbidden(Sentence.of("problem.no-longer-member")))));
    }

    /** @param member nothing for the operator on this machine, who manages every role */
    record Of(@Nullable Member member) {
        boolean is(Member other) {
            return member != null && member.id().equals(other.id());
        }

        void requireManages(Role role) {
            if (member != null && !member.role().manages(role)) {
                throw new ProblemException(new Problem.Forbidden(Sentence.of(
                        "problem.role-does-not-manage", member.role().text(), role.text())));
            }
        }

        /** Another one's role by whoever manages both; one's own only by an Owner, who steps down. */
        void requireMayChange(Member whose, Role to) {
            if (is(whose) && whose.role() != Role.OWNER) {
                throw new ProblemException(new Problem.Forbidden(Sentence.of("problem.own-role")));
            }
            requireManages(whose.role());
            requireManages(to);
        }
    }
}
