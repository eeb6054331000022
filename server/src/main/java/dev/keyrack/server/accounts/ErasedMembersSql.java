package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Erasable;
import dev.keyrack.server.store.Tx;
import java.util.List;

/** The people of an organization that is erased, what they came in with, and whom they invited; and its logo. */
public final class ErasedMembersSql implements Erasable {
    private static final String MEMBERS =
            "(SELECT id FROM members WHERE organization_id = :organization ORDER BY id LIMIT :most)";

    private static final List<String> PEOPLE = List.of(
            "DELETE FROM personal_tokens WHERE member_id IN " + MEMBERS,
            "DELETE FROM one_time_links WHERE member_id IN " + MEMBERS,
            "DELETE FROM portal_sessions WHERE member_id IN " + MEMBERS,
            "DELETE FROM idempotency WHERE holder_id IN " + MEMBERS,
            "DELETE FROM members WHERE id IN " + MEMBERS);

    private static final List<String> REST = List.of("""
            DELETE FROM invitations WHERE id IN (
                SELECT id FROM invitations WHERE organization_id = :organization LIMIT :most)
            """, """
            DELETE FROM logos WHERE organization_id IN (
                SELECT organization_id FROM logos WHERE organization_id = :organization LIMIT :most)
            """);

    @Override
    public Change<Integer> erase(Tx tx, String organizationId, int most) {
        Change<Integer> people = Erasable.together(tx, organizationId, most, PEOPLE);
        return people.result() > 0 ? people : Erasable.first(tx, organizationId, most, REST);
    }
}
