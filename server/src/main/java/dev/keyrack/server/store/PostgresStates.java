package dev.keyrack.server.store;

import java.sql.SQLException;
import java.util.Set;

/** What the SQLSTATEs of PostgreSQL tell (manual, appendix A). */
final class PostgresStates {
    /** Shut down, crashed, not up yet, database dropped; and the idle session that was ended. */
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P03", "57P04", "57P05");

    private PostgresStates() {}

    /** The state of the first failure that has one: a pool's own failure has none, but its cause has. */
    static String of(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    /** Whether the server, or a pooler in front of it, cannot be talked to, or lets nobody in. */
    static boolean unreachable(SQLException e) {
        String state = of(e);
        return state.startsWith("08") || ENDED.contains(state) || state.startsWith("28") || state.equals("3D000");
    }

    /**
     * Whether a failed COMMIT is known to have changed nothing. A lost connection tells nothing, and neither does a
     * server that shuts down: it may say so after the change is on its disk (57P01 while it waits for a standby).
     */
    static boolean rolledBack(String state) {
        return state.startsWith("23")
                || state.startsWith("25")
                || (state.startsWith("40") && !state.equals("40003"))
                || state.equals("57014");
    }
}
