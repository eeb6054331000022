package dev.keyrack.server.store;

import dev.keyrack.gate.DatabaseUrl;
import java.sql.SQLException;
import java.util.Locale;

/** Why a database on a server cannot be opened, and what to do about it. The password is in none of it. */
final class PostgresRefusal {
    private final DatabaseUrl url;

    PostgresRefusal(DatabaseUrl url) {
        this.url = url;
    }

    CannotStart of(Exception e) {
        String said = said(e);
        return new CannotStart(
                switch (PostgresStates.of(e)) {
                    case "28P01" ->
                        "The server " + url.server() + " refuses the user " + url.user()
                                + ": the password is wrong. Correct KEYRACK_DATABASE_URL.";
                    case "28000" ->
                        "The server " + url.server() + " does not let the user " + url.user() + " in: " + said
                                + ". Allow it in pg_hba.conf, or correct KEYRACK_DATABASE_URL"
                                + (asksForTls(said) ? "; it may want TLS: add ?sslmode=require." : ".");
                    case "3D000" ->
                        "There is no database " + url.database() + " on " + url.server()
                                + ". Run there: CREATE DATABASE " + url.database() + " OWNER " + url.user() + ";";
                    case "42501" ->
                        "The user " + url.user() + " may not do in the database " + url.database()
                                + " what Keyrack needs: " + said + ". Make the user the database's owner, or run in it:"
                                + " GRANT USAGE, CREATE ON SCHEMA public TO " + url.user() + ";";
                    case "53300" ->
                        "The server " + url.server() + " takes no more connections. Raise max_connections: each process"
                                + " of Keyrack may open up to " + PostgresDatabase.CONNECTIONS + ".";
                    case "57P03" ->
                        "The server " + url.server() + " is just starting or stopping: " + said + ". Try again.";
                    case "55P03" ->
                        "Another Keyrack process has been opening the database " + url.database()
                                + " for a minute. Look whether it hangs, and try again.";
                    case "25006" ->
                        "The server " + url.server() + " takes no changes: it is a standby. Name the primary in"
                                + " KEYRACK_DATABASE_URL.";
                    case "53100" -> "The disk of the server " + url.server() + " is full. Free some space.";
                    default -> other(e, said);
                },
                e);
    }

    private String other(Exception e, String said) {
        if (!PostgresStates.of(e).startsWith("08")) {
            return "The database " + url.database() + " on " + url.server() + " cannot be opened: " + said
                    + ". Look into the server's log.";
        }
        return asksForTls(said)
                ? "The server " + url.server() + " and sslmode do not agree: " + said
                        + ". Set up TLS there, or correct sslmode in KEYRACK_DATABASE_URL."
                : "The server " + url.server() + " cannot be reached: " + said
                        + ". Check that PostgreSQL runs and can be reached from here, and KEYRACK_DATABASE_URL.";
    }

    private static boolean asksForTls(String said) {
        String text = said.toLowerCase(Locale.ROOT);
        return text.contains("ssl") || text.contains("encryption") || text.contains("certificate");
    }

    /** The message of the first failure in SQL, on one line and without the full stop: what is behind it is technical. */
    private static String said(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                String message =
                        String.valueOf(sql.getMessage()).lines().findFirst().orElse("");
                return message.replaceFirst("^FATAL: |^ERROR: ", "").replaceFirst("\\.$", "");
            }
        }
        return Database.rootMessage(e).lines().findFirst().orElse("").replaceFirst("\\.$", "");
    }
}
