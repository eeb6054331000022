package dev.keyrack.bench;

import dev.keyrack.chaos.Postgres;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.TokenFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A store of Keyrack's own making with many keys of one customer in it. Organizations and projects are made through the API; the
 * keys are written in bulk, in the rows that the API would have written, since a million API calls would take hours.
 *
 * @param operatorToken the personal token of the owner of the organization that runs the installation, and has no keys
 * @param token the customer's owner's
 * @param lastToken the token of one of the keys
 */
record SampleStore(Path data, String operatorToken, String token, String lastToken) {
    private static final List<KeyType> TYPES = List.of(KeyType.WEB, KeyType.MOBILE, KeyType.ANALYTICS, KeyType.SERVER);
    private static final long FIRST_CREATION = 1_767_225_600_000_000L;
    private static final int PROJECTS = 10;

    /** A member who owns one key in a hundred; all others are the owner's of the organization. */
    static final String SELDOM = "mem_seldom";

    private static final String KEY = """
            INSERT INTO keys (id, organization_id, project_id, type, name, name_folded, masked, state, version,
                generation, metadata, source_kind, created_at, created_by_kind, created_by_id, created_by_name, updated_at,
                owner_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 1, '{}', 'member', ?, 'member', ?, 'owner@example.org', ?, ?)
            """;
    private static final String TOKEN =
            "INSERT INTO key_tokens (key_id, generation, digest, created_at) VALUES (?, 1, ?, ?)";

    private interface Connecting {
        Connection connect() throws SQLException;
    }

    /** Makes a store with this many keys; one in a hundred is disabled. */
    static SampleStore make(Path data, int keys) throws IOException, InterruptedException {
        return make(
                data,
                keys,
                KeyrackProcess.start(data, List.of()),
                () -> DriverManager.getConnection("jdbc:sqlite:" + data.resolve("keyrack.db")));
    }

    /** The same on PostgreSQL; the folder is that of the process that serves. */
    static SampleStore make(Path data, int keys, Postgres postgres) throws IOException, InterruptedException {
        return make(data, keys, KeyrackProcess.start(data, postgres.url()), () -> postgres.connect("keyrack"));
    }

    private static SampleStore make(Path data, int keys, KeyrackProcess serving, Connecting database)
            throws IOException, InterruptedException {
        String operatorToken;
        String token;
        try (KeyrackProcess process = serving) {
            operatorToken = process.setUp();
            String customer = "{\"name\":\"Customer\",\"subdomain\":\"customer\",\"ownerEmail\":\"owner@example.org\"}";
            token = process.post("/api/v1/organizations", customer, operatorToken)
                    .get("token")
                    .stringValue();
            for (int i = 0; i < PROJECTS; i++) {
                process.post("/api/v1/projects", "{\"name\":\"Project " + i + "\"}", token);
            }
        }
        try (Connection connection = database.connect()) {
            return new SampleStore(data, operatorToken, token, fill(connection, keys));
        } catch (SQLException e) {
            throw new IOException("the sample keys could not be written", e);
        }
    }

    private static String fill(Connection connection, int keys) throws SQLException {
        String organization = one(connection, "SELECT id FROM organizations WHERE operator = 0");
        String member = one(connection, "SELECT id FROM members WHERE organization_id = '" + organization + "'");
        String[] projects = new String[PROJECTS];
        for (int i = 0; i < PROJECTS; i++) {
            projects[i] = one(connection, "SELECT id FROM projects ORDER BY name LIMIT 1 OFFSET " + i);
        }
        SplittableRandom random = new SplittableRandom(VerifyBench.SEED);
        String last = "";
        connection.setAutoCommit(false);
        try (PreparedStatement key = connection.prepareStatement(KEY);
                PreparedStatement token = connection.prepareStatement(TOKEN)) {
            for (int i = 0; i < keys; i++) {
                KeyType type = TYPES.get(random.nextInt(TYPES.size()));
                TokenFormat.Minted minted = TokenFormat.mint("kr", type.tag(), random);
                long at = FIRST_CREATION + i * 1_000_000L;
                String name = "key %08x".formatted(random.nextInt());
                Object[] row = {
                    minted.id().value(),
                    organization,
                    projects[random.nextInt(PROJECTS)],
                    type.text(),
                    name,
                    name,
                    TokenFormat.mask("kr", type.tag(), minted.id()),
                    i % 100 == 50 ? "disabled" : "active",
                    at,
                    member,
                    at,
                    i % 100 == 7 ? SELDOM : member
                };
                add(key, row);
                add(token, minted.id().value(), minted.digest().text(), at);
                if (i % 10_000 == 0) {
                    key.executeBatch();
                    token.executeBatch();
                }
                if (i % 100 != 50) {
                    last = minted.token().reveal();
                }
            }
            key.executeBatch();
            token.executeBatch();
        }
        connection.commit();
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("ANALYZE"); // as it would have been done by and by
        }
        return last;
    }

    private static void add(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.addBatch();
    }

    private static String one(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("nothing found by " + query);
            }
            return row.getString(1);
        }
    }
}
