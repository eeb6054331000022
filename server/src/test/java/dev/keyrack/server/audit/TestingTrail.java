package dev.keyrack.server.audit;

import dev.keyrack.server.engines.TestingDatabase;
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
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** A real store with audit trails, and somebody beside it who can write the database and has not the keyset. */
final class TestingTrail implements AutoCloseable {
    private static final List<String> TABLES = List.of("audit_events", "audit_heads");

    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final TestingDatabase database;
    private final boolean first;
    private DataFolder folder;
    private Store store;
    private AuditChain chain;
    private AuditSigner signer;
    private Anchors anchors;
    private final Path path;

    TestingTrail(Path path) {
        this(path, TestingDatabase.fresh(path));
    }

    /** On a database that may have a trail already, and ends with this. */
    TestingTrail(Path path, TestingDatabase database) {
        this(path, database, true);
    }

    private TestingTrail(Path path, TestingDatabase database, boolean first) {
        this.path = path;
        this.database = database;
        this.first = first;
        start();
    }

    /** Another process on the same database and with the same keyset, which ends before this one. */
    TestingTrail beside(Path other) throws IOException {
        Files.createDirectories(other);
        Files.copy(path.resolve("keyset.json"), other.resolve("keyset.json"), StandardCopyOption.COPY_ATTRIBUTES);
        return new TestingTrail(other, database, false);
    }

    private void start() {
        folder = DataFolder.take(path).orElseThrow();
        Database.Opened opened = database.open(folder, clock::get);
        store = opened.store();
        chain = AuditChain.of(opened.keyset());
        signer = AuditSigner.of(opened.keyset());
        anchors = new Anchors(store, signer, folder.anchors());
    }

    private void stop() {
        store.close();
        folder.close();
    }

    /** The process ends and starts again. */
    void restart() {
        restart(() -> {});
    }

    /** @param meanwhile what is done while it does not run */
    void restart(Runnable meanwhile) {
        stop();
        meanwhile.run();
        start();
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
        database.byHand(statements);
    }

    List<String> columns(String table) {
        return read("SELECT * FROM " + table + " WHERE 1 = 0").columns();
    }

    /** Names of columns, and rows of them. */
    private record Rows(List<String> columns, List<List<Object>> rows) {}

    private Rows read(String query) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<String> columns = new ArrayList<>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                columns.add(row.getMetaData().getColumnName(i));
            }
            List<List<Object>> rows = new ArrayList<>();
            while (row.next()) {
                List<Object> values = new ArrayList<>();
                for (int i = 1; i <= columns.size(); i++) {
                    values.add(row.getObject(i));
                }
                rows.add(values);
            }
            return new Rows(columns, rows);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(String table, Rows rows) {
        String places = String.join(", ", Collections.nCopies(rows.columns().size(), "?"));
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table + " ("
                        + String.join(", ", rows.columns()) + ") VALUES (" + places + ")")) {
            for (List<Object> row : rows.rows()) {
                for (int i = 0; i < row.size(); i++) {
                    insert.setObject(i + 1, row.get(i));
                }
                insert.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All trails as they are now, as a backup of the database has them. */
    final class Backup {
        private final Map<String, Rows> tables = new LinkedHashMap<>();

        private Backup() {
            TABLES.forEach(table -> tables.put(table, read("SELECT * FROM " + table)));
        }

        /** Puts it in the place of what is there. */
        void restore() {
            tables.keySet().forEach(table -> byHand("DELETE FROM " + table));
            tables.forEach(TestingTrail.this::write);
        }
    }

    Backup backup() {
        return new Backup();
    }

    /** Puts events that were written elsewhere, chosen by a condition, beside those that are here. */
    void insertEvents(Backup from, Predicate<Map<String, Object>> which) {
        Rows events = from.tables.get("audit_events");
        List<List<Object>> chosen = events.rows().stream()
                .filter(row -> {
                    Map<String, Object> named = new LinkedHashMap<>();
                    for (int i = 0; i < row.size(); i++) {
                        named.put(events.columns().get(i), row.get(i));
                    }
                    return which.test(named);
                })
                .toList();
        write("audit_events", new Rows(events.columns(), chosen));
    }

    @Override
    public void close() {
        stop();
        if (first) {
            database.close();
        }
    }
}
