package dev.keyrack.server;

import dev.keyrack.server.engines.TestingDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The same call twice at once, while their change cannot begin. The first answer shows that the other call has got as far
 * as its change, and waits there.
 */
final class TwoCalls implements AutoCloseable {
    private final Connection lock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CompletionService<Answer> answers = new ExecutorCompletionService<>(threads);

    private TwoCalls(Connection lock) {
        this.lock = lock;
    }

    /** @param call in the name of a member: on PostgreSQL it waits where it asks whether that one may still do this */
    static TwoCalls begin(TestingServer server, Callable<Answer> call) throws SQLException {
        TwoCalls two = new TwoCalls(server.database.connect());
        two.execute(
                TestingDatabase.onPostgres()
                        ? "BEGIN; LOCK TABLE personal_tokens IN EXCLUSIVE MODE"
                        : "BEGIN IMMEDIATE");
        two.answers.submit(call);
        two.answers.submit(call);
        return two;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = lock.createStatement()) {
            statement.execute(sql);
        }
    }

    private Answer next() throws Exception {
        var answer = answers.poll(20, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("neither call is answered");
        }
        return answer.get();
    }

    /** The answer of the call that did not wait. */
    Answer refused() throws Exception {
        return next();
    }

    /** The answer of the call that waited; comes after {@link #release}. */
    Answer waiting() throws Exception {
        return next();
    }

    void release() throws SQLException {
        execute("COMMIT");
    }

    /** Changes something just before the call that waits can. */
    void releaseWith(String sql) throws SQLException {
        execute(sql);
        release();
    }

    @Override
    public void close() throws SQLException {
        lock.close();
        threads.close();
    }
}
