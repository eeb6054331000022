package dev.keyrack.server.conversations;

import dev.keyrack.server.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Messages in the store. */
final class MessageSql {
    private static final String MESSAGE = """
            SELECT id, conversation_id, number, author, text, state, failure, rating, answers, once, events, at, deadline
            FROM messages
            """;

    private static Message message(ResultSet row) throws SQLException {
        return new Message(
                row.getString("id"),
                row.getString("conversation_id"),
                row.getLong("number"),
                Message.Author.valueOf(row.getString("author").toUpperCase(Locale.ROOT)),
                row.getString("text"),
                Message.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getString("failure"),
                row.getString("rating"),
                row.getString("answers"),
                row.getString("once"),
                row.getLong("events"),
                row.getLong("at"),
                row.getLong("deadline"));
    }

    void insert(Tx tx, Message message) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO messages (id, conversation_id, number, author, text, state, answers, once, events, at,
                            deadline)
                        VALUES (:id, :conversation, :number, :author, :text, :state, :answers, :once, 0, :at, :deadline)
                        """)
                .bind("id", message.id())
                .bind("conversation", message.conversationId())
                .bind("number", message.number())
                .bind("author", message.author().text())
                .bind("text", message.text())
                .bind("state", message.state().text())
                .bind("answers", message.answers())
                .bind("once", message.once())
                .bind("at", message.at())
                .bind("deadline", message.deadline())
                .execute();
    }

    /** The newest of a conversation, oldest first. */
    List<Message> newest(Tx tx, String conversationId, int most) {
        return newestBefore(tx, conversationId, Long.MAX_VALUE, most);
    }

    /** The newest of those before this one, oldest first. */
    List<Message> newestBefore(Tx tx, String conversationId, long number, int most) {
        return tx.handle()
                .createQuery(MESSAGE
                        + "WHERE conversation_id = :conversation AND number < :number ORDER BY number DESC LIMIT :most")
                .bind("conversation", conversationId)
                .bind("number", number)
                .bind("most", most)
                .map((row, context) -> message(row))
                .list()
                .reversed();
    }

    /** Those after this one, oldest first. */
    List<Message> after(Tx tx, String conversationId, long number, int most) {
        return tx.handle()
                .createQuery(MESSAGE
                        + "WHERE conversation_id = :conversation AND number > :number ORDER BY number LIMIT :most")
                .bind("conversation", conversationId)
                .bind("number", number)
                .bind("most", most)
                .map((row, context) -> message(row))
                .list();
    }

    Optional<Message> get(Tx tx, String conversationId, String id) {
        return one(tx, conversationId, "id", id);
    }

    /** The message that was sent with this Idempotency-Key. */
    Optional<Message> sentOnce(Tx tx, String conversationId, String once) {
        return one(tx, conversationId, "once", once);
    }

    /** The reply to a message. */
    Optional<Message> replyTo(Tx tx, String conversationId, String id) {
        return one(tx, conversationId, "answers", id);
    }

    private static Optional<Message> one(Tx tx, String conversationId, String column, String value) {
        return tx.handle()
                .createQuery(MESSAGE + "WHERE conversation_id = :conversation AND " + column + " = :value")
                .bind("conversation", conversationId)
                .bind("value", value)
                .map((row, context) -> message(row))
                .findFirst();
    }

    /** The conversation's reply that is being made, as far as its row says. */
    Optional<Message> streaming(Tx tx, String conversationId) {
        return one(tx, conversationId, "state", "streaming");
    }

    /** Writes down how a reply ended. Whether it did: another end may have come first. */
    boolean settle(Tx tx, Message settled) {
        return tx.handle()
                        .createUpdate("""
                                UPDATE messages SET text = :text, state = :state, failure = :failure, events = :events
                                WHERE id = :id AND state = 'streaming'
                                """)
                        .bind("text", settled.text())
                        .bind("state", settled.state().text())
                        .bind("failure", settled.failure())
                        .bind("events", settled.events())
                        .bind("id", settled.id())
                        .execute()
                == 1;
    }

    /** Whether there is this reply. */
    boolean rate(Tx tx, String conversationId, String id, @Nullable String rating) {
        return tx.handle()
                        .createUpdate("""
                                UPDATE messages SET rating = :rating
                                WHERE id = :id AND conversation_id = :conversation AND author = 'assistant'
                                """)
                        .bind("rating", rating)
                        .bind("id", id)
                        .bind("conversation", conversationId)
                        .execute()
                == 1;
    }
}
