package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Tx;
import java.util.Optional;

/** Members as owners. */
final class OwnerSql {
    /** As {@link Member#shown} has it. */
    static final String NAME_OF = """
            (SELECT CASE WHEN owner.name = '' THEN owner.email ELSE owner.name END
             FROM members owner WHERE owner.id = %s)""";

    Optional<Owner> owner(Tx tx, String organizationId, String memberId) {
        return tx.handle()
                .createQuery("SELECT " + MemberSql.COLUMNS
                        + " FROM members m WHERE m.id = :id AND m.organization_id = :organization" + tx.hold("m"))
                .bind("id", memberId)
                .bind("organization", organizationId)
                .map((row, context) -> MemberSql.member(row))
                .findFirst()
                .map(member -> new Owner(member.id(), member.shown()));
    }
}
