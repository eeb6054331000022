package dev.keyrack.server.credentials;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.TokenFormat;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keys in a real store whose time the test moves: its clock, or on a server, whose clock is not ours, its rows. */
final class TestingDesk implements AutoCloseable {
    static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "test");

    private final CredentialSql sql = new CredentialSql();
    private final DataFolder folder;
    private final TestingDatabase database;
    private final Store store;
    private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

    TestingDesk(Path path) {
        folder = DataFolder.take(path).orElseThrow();
        database = TestingDatabase.fresh(path);
        store = database.open(folder, () -> now).store();
        prepare(store);
    }

    /** What keys belong to. */
    static void prepare(Store store) {
        store.change(CAUSE, tx -> {
            tx.handle()
                    .execute("INSERT INTO organizations (id, name, subdomain, operator, state, version, created_at)"
                            + " VALUES ('org', 'org', 'org', 0, 'active', 1, 0)");
            tx.handle()
                    .execute(
                            "INSERT INTO projects (id, organization_id, name, name_folded, version, created_at, updated_at)"
                                    + " VALUES ('prj', 'org', 'p', 'p', 1, 0, 0)");
            return Change.none("prepared");
        });
    }

    Store store() {
        return store;
    }

    void byHand(String... statements) {
        database.byHand(statements);
    }

    void pass(Duration time) {
        if (TestingDatabase.onPostgres()) {
            long micros = time.toNanos() / 1_000;
            byHand(
                    "UPDATE keys SET expires_at = expires_at - " + micros + ", expiry_notice_at = expiry_notice_at - "
                            + micros + ", state_changed_at = state_changed_at - " + micros,
                    "UPDATE key_tokens SET ends_at = ends_at - " + micros + " WHERE ends_at > 0");
        } else {
            now = now.plus(time);
        }
    }

    Key key(@Nullable Duration left) {
        return key(store, left);
    }

    /** An active web key that expires in so much time, or never. */
    static Key key(Store store, @Nullable Duration left) {
        TokenFormat.Minted minted = TokenFormat.mint("kr", "web", new SecureRandom());
        return store.change(CAUSE, tx -> {
                    Key key = new Key(
                            minted.id(),
                            "org",
                            "prj",
                            KeyType.WEB,
                            "Shop",
                            "",
                            KeyState.ACTIVE,
                            1,
                            1,
                            null,
                            0,
                            left == null ? null : tx.at() + left.toNanos() / 1_000,
                            KeyRestrictions.NONE,
                            Map.of(),
                            Key.Source.MEMBER,
                            null,
                            new Key.Deed(tx.at(), Actor.SYSTEM),
                            tx.at(),
                            null,
                            List.of());
                    new CredentialSql().insert(tx, key);
                    new CredentialSql().insertToken(tx, key.id(), 1, minted.digest(), "sealed");
                    new ExpirySql().plan(tx, key);
                    return Change.none(key);
                })
                .result();
    }

    /** Sets another expiry, as an edit does; nothing: never. */
    void expire(Key key, @Nullable Duration left) {
        store.change(CAUSE, tx -> {
            Key before = sql.key(tx, "org", key.id().value()).orElseThrow();
            Long at = left == null ? null : Long.valueOf(tx.at() + left.toNanos() / 1_000);
            Key after = new KeyPatch(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(Optional.ofNullable(at)),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty())
                    .applyTo(before, before.owner(), 0);
            sql.update(tx, after);
            new ExpirySql().plan(tx, after);
            return Change.none(after);
        });
    }

    void put(Key key, KeyState state) {
        store.change(CAUSE, tx -> {
            sql.setState(tx, key.id(), state, Actor.SYSTEM);
            return Change.none(state);
        });
    }

    /** The days that events told of, the first event first. */
    List<String> told(Key key) {
        return store.read(tx -> tx.handle()
                .createQuery("SELECT actor_kind || ' ' || action || ' ' || COALESCE(after_state, '') FROM audit_events"
                        + " WHERE target_id = :id ORDER BY seq")
                .bind("id", key.id().value())
                .mapTo(String.class)
                .map(text -> text.replaceFirst("system key.expires-soon .*\"daysLeft\":([0-9]+)}", "$1"))
                .list());
    }

    @Override
    public void close() {
        store.close();
        database.close();
        folder.close();
    }
}
