package dev.keyrack.server.conversations;

import dev.keyrack.server.store.Rows;
import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Conversations in the store. */
final class ConversationSql {
    static final long DAY_MICROS = 24L * 3_600 * 1_000_000;

    private static final String OVERDUE = """
            SELECT id FROM conversations WHERE organization_id = :organization AND changed_at <= :before
            ORDER BY changed_at, id LIMIT :most
            """;

    private static final String CONVERSATION = """
            SELECT id, organization_id, project_id, key_id, visitor_id, state, visitor_messages, messages, started_at
            FROM conversations
            """;

    static Conversation conversation(ResultSet row) throws SQLException {
        return new Conversation(
                row.getString("id"),
                row.getString("organization_id"),
                row.getString("project_id"),
                row.getString("key_id"),
                row.getString("visitor_id"),
                row.getString("state").equals("open"),
                row.getLong("visitor_messages"),
                row.getLong("messages"),
                row.getLong("started_at"));
    }

    /** The visitor's own. Within a change, nobody else changes it until the commit. */
    Optional<Conversation> own(Tx tx, String visitorId, String id) {
        return tx.handle()
                .createQuery(CONVERSATION + "WHERE id = :id AND visitor_id = :visitor" + tx.lock())
                .bind("id", id)
                .bind("visitor", visitorId)
                .map((row, context) -> conversation(row))
                .findFirst();
    }

    Optional<Conversation> newestOpen(Tx tx, String visitorId) {
        return tx.handle()
                .createQuery(CONVERSATION
                        + "WHERE visitor_id = :visitor AND state = 'open' ORDER BY started_at DESC, id DESC LIMIT 1")
                .bind("visitor", visitorId)
                .map((row, context) -> conversation(row))
                .findFirst();
    }

    /** Whether the visitor has any, open or ended. */
    boolean any(Tx tx, String visitorId) {
        return tx.handle()
                .createQuery("SELECT 1 FROM conversations WHERE visitor_id = :visitor LIMIT 1")
                .bind("visitor", visitorId)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    Optional<Conversation> startedOnce(Tx tx, String visitorId, String once) {
        return tx.handle()
                .createQuery(CONVERSATION + "WHERE visitor_id = :visitor AND once = :once")
                .bind("visitor", visitorId)
                .bind("once", once)
                .map((row, context) -> conversation(row))
                .findFirst();
    }

    /** Whether it was made: it is not where another call with the same key came first. */
    boolean insert(Tx tx, Conversation c, String once) {
        return tx.handle()
                        .createUpdate("""
                                INSERT INTO conversations (id, organization_id, project_id, key_id, visitor_id, state,
                                    visitor_messages, messages, once, started_at, changed_at)
                                VALUES (:id, :organization, :project, :key, :visitor, 'open', 0, 0, :once, :at, :at)
                                ON CONFLICT (visitor_id, once) DO NOTHING
                                """)
                        .bind("id", c.id())
                        .bind("organization", c.organizationId())
                        .bind("project", c.projectId())
                        .bind("key", c.keyId())
                        .bind("visitor", c.visitorId())
                        .bind("once", once)
                        .bind("at", c.startedAt())
                        .execute()
                == 1;
    }

    /** One more message of the visitor, and the reply to it. */
    void counted(Tx tx, String id) {
        tx.handle().createUpdate("""
                        UPDATE conversations
                        SET visitor_messages = visitor_messages + 1, messages = messages + 2, changed_at = :at
                        WHERE id = :id
                        """).bind("at", tx.at()).bind("id", id).execute();
    }

    void end(Tx tx, String id) {
        tx.handle()
                .createUpdate("UPDATE conversations SET state = 'ended' WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    /** Whose this is, if it was started by this member through the chat API. */
    Optional<String> visitorOf(Tx tx, String id, String projectId, String memberId) {
        return tx.handle()
                .createQuery("""
                        SELECT v.id FROM conversations c JOIN visitors v ON v.id = c.visitor_id
                        WHERE c.id = :id AND c.project_id = :project AND c.key_id IS NULL AND v.member_id = :member
                        """)
                .bind("id", id)
                .bind("project", projectId)
                .bind("member", memberId)
                .mapTo(String.class)
                .findFirst();
    }

    /**
     * A conversation, and with whom.
     *
     * @param name for display only
     */
    record Listed(
            Conversation conversation,
            @Nullable String customer,
            @Nullable String name) {}

    private static final String LISTED = """
            SELECT c.id, c.organization_id, c.project_id, c.key_id, c.visitor_id, c.state, c.visitor_messages, c.messages,
                c.started_at, v.customer, v.name
            FROM conversations c JOIN visitors v ON v.id = c.visitor_id
            WHERE c.project_id = :project
            """;

    private static Listed listed(ResultSet row) throws SQLException {
        return new Listed(conversation(row), row.getString("customer"), row.getString("name"));
    }

    /** The conversation of this id, those of the visitor of this id, and those of this customer. */
    private static final String SEARCHED = """
            AND c.id IN (
                SELECT CAST(:search AS TEXT)
                UNION SELECT id FROM conversations WHERE visitor_id = :search
                UNION SELECT w.id FROM conversations w JOIN visitors f ON f.id = w.visitor_id
                      WHERE f.project_id = :project AND f.customer = :search)
            """;

    /**
     * Those before this one, the newest first.
     *
     * @param search a whole id; nothing for all
     */
    List<Listed> page(Tx tx, String projectId, @Nullable String search, long startedAt, String id, int most) {
        Query select = tx.handle()
                .createQuery(LISTED
                        + (search == null ? "" : SEARCHED)
                        + " AND (c.started_at, c.id) < (:at, :id) ORDER BY c.started_at DESC, c.id DESC LIMIT :most")
                .bind("project", projectId)
                .bind("at", startedAt)
                .bind("id", id)
                .bind("most", most);
        if (search != null) {
            select.bind("search", search);
        }
        return select.map((row, context) -> listed(row)).list();
    }

    /**
     * What was said through a key.
     *
     * @param recent in how many conversations something was said since then
     * @param lastAt when something was said last; nothing where nothing was
     */
    record Use(long recent, @Nullable Long lastAt) {}

    Use use(Tx tx, String keyId, long since) {
        return tx.handle()
                .createQuery("""
                        SELECT (SELECT COUNT(*) FROM conversations WHERE key_id = :key AND changed_at > :since) AS recent,
                               (SELECT MAX(changed_at) FROM conversations WHERE key_id = :key) AS last
                        """)
                .bind("key", keyId)
                .bind("since", since)
                .map((row, context) -> new Use(row.getLong(1), Rows.longOrNull(row, 2)))
                .one();
    }

    Optional<Listed> listed(Tx tx, String projectId, String id) {
        return tx.handle()
                .createQuery(LISTED + " AND c.id = :id")
                .bind("project", projectId)
                .bind("id", id)
                .map((row, context) -> listed(row))
                .findFirst();
    }

    /** An organization that has conversations whose time is over: those in which nothing was said since then. */
    record Overdue(String organizationId, long before) {}

    /** @param usualDays how many days conversations are kept where the organization chose nothing */
    List<Overdue> overdue(Tx tx, long usualDays) {
        return tx.handle()
                .createQuery("""
                        SELECT o.id, :at - COALESCE(o.conversation_days, :usual) * :day AS before FROM organizations o
                        WHERE EXISTS (
                            SELECT 1 FROM conversations c
                            WHERE c.organization_id = o.id
                                AND c.changed_at <= :at - COALESCE(o.conversation_days, :usual) * :day)
                        """)
                .bind("at", tx.at())
                .bind("usual", usualDays)
                .bind("day", DAY_MICROS)
                .map((row, context) -> new Overdue(row.getString(1), row.getLong(2)))
                .list();
    }

    /** Those of an organization whose time is over, with all that was said. Returns how many. */
    int clear(Tx tx, Overdue overdue, int most) {
        tx.handle()
                .createUpdate("DELETE FROM messages WHERE conversation_id IN (" + OVERDUE + ")")
                .bind("organization", overdue.organizationId())
                .bind("before", overdue.before())
                .bind("most", most)
                .execute();
        return tx.handle()
                .createUpdate("DELETE FROM conversations WHERE id IN (" + OVERDUE + ")")
                .bind("organization", overdue.organizationId())
                .bind("before", overdue.before())
                .bind("most", most)
                .execute();
    }
}
