package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Credential;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Committed;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Sentence;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and for which organization. Only {@link Authentication} makes one, so that holding it is proof.
 *
 * @param member the member behind it; nothing for the operator on this machine
 * @param organization the organization that the call is about; nothing for an operator who named none
 * @param at when it was asked, in microseconds since 1970
 */
public record Caller(
        Actor actor, @Nullable Member member, @Nullable Organization organization, Standing standing, long at) {

    /**
     * What a change in the caller's name rests on. Only this slice can take it apart, so that no other one gets past
     * {@link #change}.
     *
     * @param check refuses a credential that is no longer what it was when it was judged
     */
    record Standing(Credential credential, Cause cause, Consumer<Tx> check) {}

    /** Who calls and with what, for answers that only the same caller may have again. */
    public Credential credential() {
        return standing.credential();
    }

    /** As whom, from where and under which request what the caller does is written down. */
    Cause cause() {
        return standing.cause();
    }

    /** Where the call comes from, as a connection or a trusted proxy tells it. */
    public @Nullable String address() {
        return standing.cause().address();
    }

    /**
     * Runs a change in the caller's name. The caller was judged before the body was read, which may have taken long: they
     * are judged again where the change is made.
     *
     * @throws ProblemException if their token ended, or their rights changed, in the meantime; nothing is changed
     */
    public <T> Committed<T> change(Store store, Function<Tx, Change<T>> work) {
        return store.change(standing.cause(), tx -> {
            standing.check().accept(tx);
            return work.apply(tx);
        });
    }

    /**
     * The organization whose things this call is about.
     *
     * @throws ProblemException if an operator named none
     */
    public Organization requireOrganization() {
        if (organization == null) {
            throw new ProblemException(
                    Problem.InvalidRequest.at(Authentication.ORGANIZATION, Sentence.of("problem.name-organization")));
        }
        return organization;
    }

    /** How far the caller may do this in their organization. The operator on this machine may do everything. */
    public Reach reach(Right right) {
        return member == null ? Reach.ALL : member.role().reach(right);
    }

    /**
     * Whose things the caller may do this with: nothing for everybody's, else their own id.
     *
     * @throws ProblemException if they may not do it at all
     */
    public @Nullable String only(Right right) {
        return switch (reach(right)) {
            case ALL -> null;
            case OWN -> Objects.requireNonNull(member).id();
            case NONE -> throw notInRole();
        };
    }

    /** @throws ProblemException unless the caller may do this with what is this member's, or nobody's */
    public void require(Right right, @Nullable String ownerId) {
        String only = only(right);
        if (only != null && !only.equals(ownerId)) {
            throw notInRole();
        }
    }

    /** @throws ProblemException unless the caller may do this with everything of their organization */
    public void require(Right right) {
        if (reach(right) != Reach.ALL) {
            throw notInRole();
        }
    }

    private ProblemException notInRole() {
        String role = member == null ? "operator" : member.role().text();
        return new ProblemException(new Problem.Forbidden(Sentence.of("problem.role-not-allowed", role)));
    }

    /** @throws ProblemException if they are a member of an organization that is suspended */
    public void requireActive() {
        if (member != null && organization != null) {
            organization.requireActive();
        }
    }

    /** Whether the caller runs the installation: an Owner or Admin of its organization, or on this machine. */
    public boolean operator() {
        return member == null || (organization != null && organization.operator() && reach(Right.MANAGE) == Reach.ALL);
    }

    /** @throws ProblemException if the caller runs no installation */
    public void requireOperator() {
        if (!operator()) {
            throw new ProblemException(new Problem.Forbidden(Sentence.of("problem.operators-only")));
        }
    }
}
