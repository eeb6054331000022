package dev.keyrack.server.audit;

import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditChain;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.AuditSigner;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.server.store.Store;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** A real store with audit trails, and somebody beside it who can write the database and has not the keyset. */
final class TestingTrail implements AutoCloseable {
    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final DataFolder folder;
    private final Store store;
    private final AuditChain chain;
    private final AuditSigner signer;
    private final Anchors anchors;
    final Path path;

    TestingTrail(Path path) {
        this.path = path;
        folder = DataFolder.take(path).orElseThrow();
        Database.Opened opened =
                Database.open(folder, new Database.KeysetPlace(null, null), clock::get, new SecureRandom());
        store = opened.store();
        chain = AuditChain.of(opened.keyset());
        signer = AuditSigner.of(opened.keyset());
        anchors = new Anchors(store, signer, folder.anchors());
    }

    Store store() {
        return store;
    }

    AuditSigner signer() {
        return signer;
    }

    Anchors anchors() {
        return anchors;
    }

    Path anchorFile() {
        return folder.anchors();
    }

    /** Events with every column set, and with as many empty as there can be. */
    void events(String organization, int count) {
        for (int i = 0; i < count; i++) {
            int n = i;
            clock.updateAndGet(now -> now.plusSeconds(1));
            boolean full = n % 2 == 0;
            store.change(
                    new Cause(
                            full ? new Actor(Actor.Kind.MEMBER, "mem_" + n, "a@example.com") : Actor.SYSTEM,
                            full ? "192.0.2." + n : null,
                            "request" + n),
                    tx -> Change.of(
                            "",
                            new AuditEvent(
                                    organization,
                                    AuditAction.KEY_UPDATED,
                                    new AuditEvent.Target("key", "key" + n, full ? "Näme \ud83d\ude00" : null),
                                    full ? Map.of("name", "before" + n) : null,
                                    full ? Map.of("name", "after" + n) : null)));
        }
    }

    Verification.Report verify() {
        return verify("");
    }

    Verification.Report verify(String given) {
        InputStream in = new ByteArrayInputStream(given.getBytes(StandardCharsets.UTF_8));
        return new Verification(store, chain, signer, anchors).run(in);
    }

    /** How far every trail reaches, as it is exported. */
    String exported() {
        StringBuilder lines = new StringBuilder();
        anchors.sign("", java.util.Optional.empty(), 1_000)
                .forEach(anchor -> lines.append(anchor.line()).append('\n'));
        return lines.toString();
    }

    void byHand(String... statements) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path.resolve("keyrack.db"));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    List<String> columns(String table) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path.resolve("keyrack.db"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT name FROM pragma_table_info('" + table + "')")) {
            List<String> names = new java.util.ArrayList<>();
            while (row.next()) {
                names.add(row.getString(1));
            }
            return names;
        }
    }

    /** The database alone, as its backup has it. */
    void backUpTo(Path copy) {
        byHand("VACUUM INTO '" + copy + "'");
    }

    @Override
    public void close() {
        store.close();
        folder.close();
    }

    /** Puts a database in the place of the one in a closed folder. */
    static void restore(Path copy, Path folder) throws Exception {
        Files.deleteIfExists(folder.resolve("keyrack.db-wal"));
        Files.deleteIfExists(folder.resolve("keyrack.db-shm"));
        Files.copy(copy, folder.resolve("keyrack.db"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
