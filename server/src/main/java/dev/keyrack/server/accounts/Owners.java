package dev.keyrack.server.accounts;

import com.google.common.collect.ImmutableMap;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Sentence;
import org.jspecify.annotations.Nullable;

/** Whose keys and projects are, for the slices that keep them. */
public final class Owners {
    private final OwnerSql sql = new OwnerSql();

    /**
     * How the member is shown whose id stands in this column: an expression for a SELECT. NULL where there is no such
     * member.
     */
    public static String nameOf(String column) {
        return OwnerSql.NAME_OF.formatted(column);
    }

    /** An owner as a row tells of them; nobody when they are no member. */
    public static @Nullable Owner of(@Nullable String id, @Nullable String name) {
        return id == null || name == null ? null : new Owner(id, name);
    }

    /** For the audit trail: the id, and who that was at the time. */
    public static Object described(@Nullable Owner owner) {
        return owner == null ? "nobody" : ImmutableMap.of("id", owner.id(), "name", owner.name());
    }

    /** Whose what this caller makes is: nobody's, if the operator on the machine makes it. */
    public static @Nullable Owner making(Caller caller) {
        Member member = caller.member();
        return member == null ? null : new Owner(member.id(), member.shown());
    }

    /**
     * The member of this organization who is to own something. They stay a member until the commit.
     *
     * @throws ProblemException if they are none, as a fault of the field {@code /ownerId}
     */
    public Owner require(Tx tx, String organizationId, String memberId) {
        return sql.owner(tx, organizationId, memberId)
                .orElseThrow(() -> new ProblemException(
                        Problem.InvalidRequest.at("/ownerId", Sentence.of("problem.no-such-member"))));
    }
}
