package dev.keyrack.server.feed;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Committed;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Restrictions;
import dev.keyrack.verifier.TokenFormat;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A real store in a folder of its own, whose past the test moves. */
final class TestingStore implements AutoCloseable {
    static final String ORGANIZATION = "org";
    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "test");

    private final DataFolder folder;
    private final Store store;
    private final TestingDatabase database;
    private final Path path;

    TestingStore(Path path) {
        this.path = path;
        folder = DataFolder.take(path).orElseThrow();
        database = TestingDatabase.fresh(path);
        store = database.open(folder, InstantSource.system()).store();
    }

    Store store() {
        return store;
    }

    /** As if so much time had passed since everything was written: a server's clock is not ours to set. */
    void sleep(Duration time) {
        long micros = time.toNanos() / 1_000;
        byHand(
                "UPDATE feed_entries SET at = at - (" + micros + ")",
                "UPDATE nodes SET ended_at = ended_at - (" + micros + ")");
    }

    /** A change as small as there is; returns its number. */
    long change(String id) {
        return change(id, false);
    }

    /** @param narrows whether every node must confirm it */
    long change(String id, boolean narrows) {
        return store.change(CAUSE, tx -> {
                    tx.handle()
                            .execute(
                                    "INSERT INTO organizations (id, name, subdomain, operator, state, version, created_at)"
                                            + " VALUES (?, ?, ?, 0, 'active', 1, 0)",
                                    id,
                                    id,
                                    id);
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

    /** A key of {@link #ORGANIZATION} with its token. */
    record Made(TokenFormat.Minted minted) {
        String token() {
            return minted.token().reveal();
        }

        FeedChange.Key in(KeyState state, long version) {
            return new FeedChange.Key(
                    minted.id(),
                    ORGANIZATION,
                    "p",
                    KeyType.SERVER,
                    state,
                    version,
                    List.of(new FeedChange.Token(1, minted.digest(), FeedChange.NEVER)),
                    FeedChange.NEVER,
                    null,
                    0,
                    Restrictions.NONE);
        }
    }

    /** A key in the store, with its feed entry. The organization is made with the first one. */
    Made key() {
        Made made = new Made(TokenFormat.mint("kr", "srv", new SecureRandom()));
        write(
                "made",
                made.in(KeyState.ACTIVE, 1),
                false,
                "INSERT INTO organizations (id, name, subdomain, operator, state, version, created_at)"
                        + " VALUES ('org', 'org', 'org', 0, 'active', 1, 0) ON CONFLICT DO NOTHING",
                "INSERT INTO projects (id, organization_id, name, name_folded, version, created_at, updated_at)"
                        + " VALUES ('p', 'org', 'p', 'p', 1, 0, 0) ON CONFLICT DO NOTHING",
                "INSERT INTO keys (id, organization_id, project_id, type, name, name_folded, masked, state, version,"
                        + " generation, metadata, source_kind, created_at, created_by_kind, created_by_id,"
                        + " created_by_name, updated_at) VALUES ('"
                        + made.minted().id().value()
                        + "', 'org', 'p', 'server', 'k', '', '', 'active', 1, 1, '{}', 'member', 0, 'system', '', '', 0)",
                "INSERT INTO key_tokens VALUES ('" + made.minted().id().value() + "', 1, '"
                        + made.minted().digest().text() + "', NULL, 0, NULL)");
        return made;
    }

    Committed<String> revoke(Made made) {
        return write(
                "revoked",
                made.in(KeyState.REVOKED, 2),
                true,
                "UPDATE keys SET state = 'revoked', version = 2 WHERE id = '"
                        + made.minted().id().value() + "'");
    }

    /** What a call that finds everything as it should be commits. */
    Committed<String> nothing() {
        return store.change(CAUSE, tx -> Change.none("nothing"));
    }

    private Committed<String> write(String what, FeedChange change, boolean narrows, String... statements) {
        return store.change(CAUSE, tx -> {
            for (String statement : statements) {
                tx.handle().execute(statement);
            }
            return new Change<>(what, List.of(), List.of(new FeedDraft(ORGANIZATION, change, narrows)));
        });
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

    List<String> tables() {
        return store.read(tx ->
                tx.handle().createQuery(database.tables()).mapTo(String.class).list());
    }

    /** How many rows a table has. */
    long count(String table) {
        return store.read(tx -> tx.handle()
                .createQuery("SELECT COUNT(*) FROM " + table)
                .mapTo(Long.class)
                .one());
    }

    /** A copy of the whole store as it is. */
    interface Backup {
        void restore();
    }

    Backup backup() {
        if (TestingDatabase.onPostgres()) {
            return rows();
        }
        Path copy = path.resolve("backup.db");
        byHand("VACUUM INTO '" + copy + "'");
        return () -> byHand("restore from " + copy);
    }

    /** A server's database cannot be replaced while it is open; all its rows can be, at once. */
    private Backup rows() {
        List<String> tables = List.of(
                "organizations",
                "projects",
                "keys",
                "key_tokens",
                "feed_head",
                "feed_entries",
                "nodes",
                "lease_lengths",
                "catalogue",
                "catalogue_permissions");
        StringBuilder restore = new StringBuilder("BEGIN; ");
        byHand("CREATE SCHEMA backup");
        for (String table : tables) {
            byHand("CREATE TABLE backup." + table + " AS TABLE public." + table);
            restore.append("LOCK TABLE public.").append(table).append(" IN ACCESS EXCLUSIVE MODE; ");
        }
        for (String table : tables.reversed()) {
            restore.append("DELETE FROM public.").append(table).append("; ");
        }
        for (String table : tables) {
            restore.append("INSERT INTO public.").append(table);
            restore.append(" SELECT * FROM backup.").append(table).append("; ");
        }
        return () -> byHand(restore.append("COMMIT").toString());
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
