package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Tx;

/** How often signing in failed of late, in the store. */
final class SignInFailureSql {
    private SignInFailureSql() {}

    record Count(long failures, long lastAt) {}

    /** Within a change, nobody else reads it until the commit. */
    static Count get(Tx tx, String subject) {
        // A row that is not there cannot be locked: many first tries at once would not see each other.
        tx.handle()
                .createUpdate("""
                        INSERT INTO sign_in_failures (subject, failures, last_at) VALUES (:subject, 0, :at)
                        ON CONFLICT (subject) DO NOTHING
                        """)
                .bind("subject", subject)
                .bind("at", tx.at())
                .execute();
        return tx.handle()
                .createQuery("SELECT failures, last_at FROM sign_in_failures WHERE subject = :subject" + tx.lock())
                .bind("subject", subject)
                .map((row, context) -> new Count(row.getLong(1), row.getLong(2)))
                .findFirst()
                .orElse(new Count(0, 0));
    }

    /** One more; from the beginning, if the last one was before {@code forgotten}. */
    static void count(Tx tx, String subject, long forgotten) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO sign_in_failures (subject, failures, last_at) VALUES (:subject, 1, :at)
                        ON CONFLICT (subject) DO UPDATE SET
                            failures = CASE WHEN sign_in_failures.last_at <= :forgotten THEN 1
                                            ELSE sign_in_failures.failures + 1 END,
                            last_at = excluded.last_at
                        """)
                .bind("subject", subject)
                .bind("at", tx.at())
                .bind("forgotten", forgotten)
                .execute();
    }

    static void forget(Tx tx, String subject) {
        tx.handle()
                .createUpdate("DELETE FROM sign_in_failures WHERE subject = :subject")
                .bind("subject", subject)
                .execute();
    }

    /** One less: it was no failure. */
    static void takeBack(Tx tx, String subject) {
        tx.handle()
                .createUpdate(
                        "UPDATE sign_in_failures SET failures = failures - 1 WHERE subject = :subject AND failures > 0")
                .bind("subject", subject)
                .execute();
    }

    static int clear(Tx tx, long before, int most) {
        return tx.handle()
                .createUpdate("""
                        DELETE FROM sign_in_failures WHERE subject IN (
                            SELECT subject FROM sign_in_failures WHERE last_at <= :before LIMIT :most)
                        """)
                .bind("before", before)
                .bind("most", most)
                .execute();
    }
}
