package dev.keyrack.server.feed;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.FeedChange;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A real store in a folder of its own, whose past the test moves. */
final class TestingStore implements AutoCloseable {
    private final DataFolder folder;
    private final Store store;
    private final TestingDatabase database;

    TestingStore(Path path) {
        folder = DataFolder.take(path).orElseThrow();
        database = TestingDatabase.fresh(path);
        store = database.open(folder, InstantSource.system()).store();
    }

    Store store() {
        return store;
    }

    /** As if so much time had passed since each entry was written: a server's clock is not ours to set. */
    void sleep(Duration time) {
        byHand("UPDATE feed_entries SET at = at - (" + time.toNanos() / 1_000 + ")");
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
    void byHand(String... statements) {
        database.byHand(statements);
    }

    @Override
    public void close() {
        store.close();
        database.close();
        folder.close();
    }
}
