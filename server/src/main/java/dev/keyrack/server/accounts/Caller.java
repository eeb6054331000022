package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and for which organization. Only {@link Authentication} makes one, so that holding it is proof.
 *
 * @param member the member behind it; nothing for the operator on this machine
 * @param organization the organization that the call is about; nothing for an operator who named none
 * @param at when it was asked, in microseconds since 1970
 */
public record Caller(
        Actor actor, @Nullable Member member, @Nullable Organization organization, Cause cause, long at) {

    /**
     * The organization whose things this call is about.
     *
     * @throws ProblemException if an operator named none
     */
    public Organization requireOrganization() {
        if (organization == null) {
            throw new ProblemException(Problem.InvalidRequest.at(
                    Authentication.ORGANIZATION,
                    "name one of the organizations by its subdomain, for example with --organization"));
        }
        return organization;
    }

    /** Whether the caller may see and make other organizations. */
    public boolean operator() {
        return member == null || (organization != null && organization.operator());
    }

    /** @throws ProblemException if the caller runs no installation */
    public void requireOperator() {
        if (!operator()) {
            throw new ProblemException(
                    new Problem.Forbidden("Only members of the organization that runs this installation may do this."));
        }
    }
}
