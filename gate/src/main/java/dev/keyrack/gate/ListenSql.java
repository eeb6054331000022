package dev.keyrack.gate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Hears PostgreSQL say that the change feed has grown. Every call may block, and fails with {@link FeedUnavailable}. */
public final class ListenSql {
    private static final String LISTEN = "LISTEN " + FeedSql.CHANNEL;
    private static final String UNLISTEN = "UNLISTEN " + FeedSql.CHANNEL;
    private static final String NOTIFY = "SELECT pg_notify('" + FeedSql.CHANNEL + "', ?)";

    /** Answered by the server itself: a connection that is dead at the far end is found out by it. */
    private static final String ALIVE = "SELECT 1";

    /** Far longer than a notification takes. Whoever hears nothing for so long will not hear anything later. */
    private static final Duration ECHO = Duration.ofSeconds(2);

    private final DataSource database;

    /** @param database gives connections that are nobody else's: a listening one is kept */
    public ListenSql(DataSource database) {
        this.database = database;
    }

    /** Starts to listen, on a connection of its own. */
    Ear listen() {
        Connection connection = null;
        try {
            connection = database.getConnection();
            execute(connection, LISTEN);
            return new Ear(connection, connection.unwrap(PGConnection.class));
        } catch (SQLException e) {
            close(connection);
            throw new FeedUnavailable("PostgreSQL cannot be listened to", e);
        }
    }

    /** Says something where everybody hears it, on another connection than the one that listens. */
    private void say(String what) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement notify = connection.prepareStatement(NOTIFY)) {
            notify.setString(1, what);
            notify.execute();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @SuppressWarnings("EmptyCatch") // it goes in any case
    private static void close(@org.jspecify.annotations.Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // It is of no use any more, closed or not.
        }
    }

    /** A connection that listens. One thread hears; any may {@link #abort}. */
    final class Ear implements AutoCloseable {
        private final Connection connection;
        private final PGConnection session;

        private Ear(Connection connection, PGConnection session) {
            this.connection = connection;
            this.session = session;
        }

        /**
         * Whether what is said is heard here. A pooler in transaction mode takes the connection to the server away after
         * each transaction, and what the server says then goes to nobody. It would still come through while this
         * connection asks something, so that it must be said on another one.
         */
        boolean works() {
            String echo = "echo " + UUID.randomUUID();
            try {
                say(echo);
                long deadline = System.nanoTime() + ECHO.toNanos();
                for (long left = ECHO.toNanos(); left > 0; left = deadline - System.nanoTime()) {
                    for (PGNotification said : notifications(Duration.ofNanos(left))) {
                        if (said.getParameter().equals(echo)) {
                            return true;
                        }
                    }
                }
                execute(connection, UNLISTEN);
                return false;
            } catch (SQLException e) {
                throw new FeedUnavailable("PostgreSQL cannot be listened to", e);
            }
        }

        /** Whether something was said, at the latest after this time. */
        boolean heard(Duration patience) {
            try {
                return notifications(patience).length > 0;
            } catch (SQLException e) {
                throw new FeedUnavailable("PostgreSQL cannot be heard any more", e);
            }
        }

        /** Fails when the server is not there any more, of which silence alone tells nothing. */
        void requireAlive() {
            try {
                execute(connection, ALIVE);
            } catch (SQLException e) {
                throw new FeedUnavailable("PostgreSQL cannot be heard any more", e);
            }
        }

        private PGNotification[] notifications(Duration patience) throws SQLException {
            PGNotification[] said = session.getNotifications((int) Math.max(1, patience.toMillis()));
            return said == null ? new PGNotification[0] : said;
        }

        /** Ends it from another thread. Whoever hears then fails. */
        @SuppressWarnings("EmptyCatch") // as above
        void abort() {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                // It is of no use any more, aborted or not.
            }
        }

        @Override
        public void close() {
            ListenSql.close(connection);
        }
    }
}
