package dev.keyrack.server.conversations;

import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Erasable;
import dev.keyrack.server.store.Tx;
import java.util.List;

/** What was said with an organization that is erased, and to whom. */
public final class ErasedVisitsSql implements Erasable {
    private static final String VISITORS =
            "(SELECT id FROM visitors WHERE organization_id = :organization ORDER BY id LIMIT :most)";

    private static final String SESSIONS =
            "(SELECT s.id FROM visitor_sessions s WHERE s.visitor_id IN " + VISITORS + ")";

    private static final List<String> DELETE = List.of(
            "DELETE FROM visitor_access WHERE session_id IN " + SESSIONS,
            "DELETE FROM identities_used WHERE session_id IN " + SESSIONS,
            "DELETE FROM visitor_sessions WHERE visitor_id IN " + VISITORS,
            // What is counted is the name of a limit, a stroke, and whose it is.
            "DELETE FROM visitor_counts WHERE subject IN (SELECT 'cv/' || id FROM " + VISITORS + " AS c"
                    + " UNION ALL SELECT 'mv/' || id FROM " + VISITORS + " AS m"
                    + " UNION ALL SELECT 'rv/' || id FROM " + VISITORS + " AS r)",
            "DELETE FROM visitors WHERE id IN " + VISITORS);

    private final ConversationSql conversations = new ConversationSql();

    @Override
    public Change<Integer> erase(Tx tx, String organizationId, int most) {
        int said = conversations.clear(tx, new ConversationSql.Overdue(organizationId, Long.MAX_VALUE), most);
        return said > 0 ? Change.none(said) : Erasable.together(tx, organizationId, most, DELETE);
    }
}
