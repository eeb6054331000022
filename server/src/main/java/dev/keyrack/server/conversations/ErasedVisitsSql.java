package dev.keyrack.server.conversations;

import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Erasable;
import dev.keyrack.server.store.Tx;
import java.util.List;
import java.util.stream.Collectors;

/** What was said with an organization that is erased, and to whom. */
public final class ErasedVisitsSql implements Erasable {
    private static final String VISITORS =
            "(SELECT id FROM visitors WHERE organization_id = :organization ORDER BY id LIMIT :most)";

    private static final String SESSIONS =
            "(SELECT s.id FROM visitor_sessions s WHERE s.visitor_id IN " + VISITORS + ")";

    private static final String COUNTS = VisitorLimits.OF_VISITOR.stream()
            .map(limit ->
                    "SELECT '" + VisitorLimits.subject(limit, "") + "' || id FROM " + VISITORS + " AS " + limit.name())
            .collect(Collectors.joining(" UNION ALL "));

    private static final List<String> DELETE = List.of(
            "DELETE FROM visitor_access WHERE session_id IN " + SESSIONS,
            "DELETE FROM identities_used WHERE session_id IN " + SESSIONS,
            "DELETE FROM visitor_sessions WHERE visitor_id IN " + VISITORS,
            "DELETE FROM visitor_counts WHERE subject IN (" + COUNTS + ")",
            "DELETE FROM visitors WHERE id IN " + VISITORS);

    private final ConversationSql conversations = new ConversationSql();

    /** Under which names it is counted what visitors do with a web key. */
    public static List<String> countsOfKey(String keyId) {
        return VisitorLimits.OF_KEY.stream()
                .map(limit -> VisitorLimits.subject(limit, keyId))
                .toList();
    }

    @Override
    public Change<Integer> erase(Tx tx, String organizationId, int most) {
        int said = conversations.clear(tx, new ConversationSql.Overdue(organizationId, Long.MAX_VALUE), most);
        return said > 0 ? Change.none(said) : Erasable.together(tx, organizationId, most, DELETE);
    }
}
