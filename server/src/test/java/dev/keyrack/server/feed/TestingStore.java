package dev.keyrack.server.feed;

import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.FeedChange;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** A real store in a folder of its own, with a clock that the test moves. */
final class TestingStore implements AutoCloseable {
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final DataFolder folder;
    private final Store store;
    private final Path path;

    TestingStore(Path path) {
        this.path = path;
        folder = DataFolder.take(path).orElseThrow();
        store = Database.open(folder, new Database.KeysetPlace(null, null), clock::get, new SecureRandom())
                .store();
    }

    Store store() {
        return store;
    }

    InstantSource clock() {
        return clock::get;
    }

    void sleep(java.time.Duration time) {
        clock.updateAndGet(now -> now.plus(time));
    }

    /** A change as small as there is; returns its number. */
    long change(String id) {
        return change(id, false);
    }

    /** @param narrows whether every node must confirm it */
    long change(String id, boolean narrows) {
        return store.change(new Cause(Actor.SYSTEM, null, "test"), tx -> {
                    tx.handle().execute("INSERT INTO organizations VALUES (?, ?, ?, 0, 'active', 1, 0)", id, id, id);
                    return Change.of(
                            id,
                            new AuditEvent(
                                    id,
                                    AuditAction.ORGANIZATION_CREATED,
                                    new AuditEvent.Target("organization", id, id),
                                    null,
                                    Map.of()),
                            new FeedDraft(id, new FeedChange.Organization(id, id, false, false, 1), narrows));
                })
                .sequence();
    }

    /** The tag of a number. */
    long tag(long number) {
        return store.read(tx -> tx.handle()
                .createQuery("SELECT tag FROM feed_entries WHERE seq = ?")
                .bind(0, number)
                .mapTo(Long.class)
                .one());
    }

    List<Long> numbers() {
        return store.read(tx -> tx.handle()
                .createQuery("SELECT seq FROM feed_entries ORDER BY seq")
                .mapTo(Long.class)
                .list());
    }

    /** Does what nobody but an operator with a database tool can do. */
    void byHand(String... statements) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path.resolve("keyrack.db"));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        store.close();
        folder.close();
    }
}
