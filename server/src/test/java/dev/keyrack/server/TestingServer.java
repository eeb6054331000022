package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.app.RunningServer;
import dev.keyrack.server.app.Settings;
import dev.keyrack.server.app.SettingsReader;
import dev.keyrack.server.conversations.Answerer;
import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.verifier.TokenFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Both planes in this JVM on a folder of their own, set up with two organizations of one project each.
 *
 * <p>Each answer is held to the contract, and when it is closed neither the store nor the log may hold a token that was
 * ever handed out.
 */
final class TestingServer implements AutoCloseable {
    /** A token's secret part begins after brand, type and id, and is followed by a check of six characters. */
    private static final int SECRET = 27;

    private static final int CHECK = 6;

    final Path data;
    final TestingLog log;
    final RunningServer running;
    final Set<String> minted = ConcurrentHashMap.newKeySet();

    /** Whoever has the data folder. */
    final TestingClient operator;

    /** The owner of the first organization, {@code acme}, which runs the installation. */
    final TestingClient owner;

    /** The owner of the second one, {@code other}. */
    final TestingClient other;

    final TestingClient nobody;
    final TestingClient gate;

    final String ownerToken;
    final String otherToken;
    final String organization;
    final String otherOrganization;
    final String project;
    final String otherProject;
    private final HttpClient http = HttpClient.newHttpClient();

    final TestingDatabase database;
    private Connection byHand;

    private TestingServer(Path data, TestingDatabase database, TestingLog log, RunningServer running) {
        this.data = data;
        this.database = database;
        this.log = log;
        this.running = running;
        Contract contract = Contract.THE;
        ControlFile.Running control = ControlFile.read(data).orElseThrow();
        nobody = new TestingClient(http, control.url(), contract, this::note);
        gate = new TestingClient(http, control.gateUrl(), contract, this::note);
        String secret = control.operator().reveal();
        minted.add(secret);
        operator = nobody.as("Authorization", "Bearer " + secret);

        Answer first =
                operator.post("/api/v1/setup", "{'name':'Acme','subdomain':'acme','ownerEmail':'owner@example.com'}");
        assertThat(first.status()).isEqualTo(201);
        ownerToken = first.at("/token");
        organization = first.at("/organization/id");
        owner = nobody.as("x-api-key", ownerToken);
        Answer second = owner.post(
                "/api/v1/organizations", "{'name':'Other','subdomain':'other','ownerEmail':'owner@example.org'}");
        assertThat(second.status()).isEqualTo(201);
        otherToken = second.at("/token");
        otherOrganization = second.at("/organization/id");
        other = nobody.as("x-api-key", otherToken);
        project = owner.post("/api/v1/projects", "{'name':'Shop'}").at("/project/id");
        otherProject = other.post("/api/v1/projects", "{'name':'Shop'}").at("/project/id");
    }

    static TestingServer start() {
        return start(Map.of());
    }

    /** With a gate that needs a lease, as on a store that several processes use. */
    static TestingServer startLeased() {
        return start(Map.of("KEYRACK_LEASE", "1s"), TestingDatabase::fresh, RunningServer::startLeased);
    }

    /** With this to answer visitors. */
    static TestingServer startAnswering(Answerer answerer) {
        return start(
                Map.of(),
                TestingDatabase::fresh,
                (settings, version) -> RunningServer.startAnswering(settings, version, answerer));
    }

    static TestingServer start(Map<String, String> settings) {
        return start(settings, TestingDatabase::fresh);
    }

    static TestingServer start(Map<String, String> settings, Function<Path, TestingDatabase> databases) {
        return start(settings, databases, RunningServer::start);
    }

    private static TestingServer start(
            Map<String, String> settings,
            Function<Path, TestingDatabase> databases,
            BiFunction<Settings, String, RunningServer> program) {
        try {
            Path data = Files.createTempDirectory("keyrack-test");
            Map<String, String> all = new HashMap<>(
                    Map.of("KEYRACK_DATA", data.toString(), "KEYRACK_PORT", "0", "KEYRACK_GATE_PORT", "0"));
            TestingDatabase database = databases.apply(data);
            all.putAll(database.settings());
            all.putAll(settings);
            TestingLog log = TestingLog.start();
            try {
                return new TestingServer(
                        data,
                        database,
                        log,
                        program.apply(SettingsReader.read(data.resolve("none.yaml"), all), "test"));
            } catch (RuntimeException | Error e) {
                log.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void note(JsonNode answer) {
        if (answer.path("token").isString()) {
            minted.add(answer.path("token").stringValue());
        }
    }

    /** A key with the token that was made for it. */
    record Made(String id, String token) {
        String path() {
            return "/api/v1/keys/" + id;
        }
    }

    Made make(String type) {
        return make(type, "");
    }

    /** @param more fields, JSON with ' for ", each after a comma */
    Made make(String type, String more) {
        Answer answer = owner.post(
                "/api/v1/keys", "{'name':'Key','type':'" + type + "','projectId':'" + project + "'" + more + "}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return new Made(answer.at("/key/id"), answer.at("/token"));
    }

    /** What a gate would have written down: so many refusals of one hour. {@code at} is in microseconds since 1970. */
    void refused(String keyId, long at, String code, boolean observed, String value, long count) {
        long hour = 3_600_000_000L;
        byHand("INSERT INTO refusals (key_id, hour, code, observed, value, count, first_at, last_at) VALUES ('" + keyId
                + "', " + (at - at % hour) + ", '" + code + "', " + (observed ? 1 : 0) + ", '"
                + value.replace("'", "''") + "', " + count + ", " + at + ", " + at + ")");
    }

    Made makeOther() {
        Answer answer =
                other.post("/api/v1/keys", "{'name':'Foreign','type':'web','projectId':'" + otherProject + "'}");
        return new Made(answer.at("/key/id"), answer.at("/token"));
    }

    /** A new member of the first organization, with a personal token. */
    TestingClient member(Role role) {
        return member(role, organization);
    }

    TestingClient member(Role role, String organizationId) {
        TokenFormat.Minted minted = TokenFormat.mint("kr", TokenFormat.PERSONAL_TAG, new SecureRandom());
        String token = minted.id().value();
        String email = role.text() + "-" + token.toLowerCase(Locale.ROOT) + "@example.com";
        byHand(
                "INSERT INTO members (id, organization_id, email, email_folded, role, created_at) VALUES ('mem_" + token
                        + "', '" + organizationId + "', '" + email + "', '" + email + "', '" + role.text() + "', 0)",
                "INSERT INTO personal_tokens (member_id, id, digest, created_at) VALUES ('mem_" + token + "', '" + token
                        + "', '" + minted.digest().text() + "', 0)");
        this.minted.add(minted.token().reveal());
        return nobody.as("x-api-key", minted.token().reveal());
    }

    /** A web key with these restrictions. */
    Made restricted(String restrictions) {
        return make("web", ",'restrictions':" + restrictions);
    }

    /** The code of the verdict on a key's token, asked with more fields. */
    String verdict(Made made, String more) {
        return gate.post("/v1/verify", "{'token':'" + made.token() + "'" + more + "}")
                .at("/code");
    }

    /** The code of the verdict on a key's token that comes from this origin. */
    String from(Made made, String origin) {
        return verdict(made, ",'origin':'" + origin + "'");
    }

    /** The data plane's verdict on a token. */
    Answer verify(String token) {
        return gate.post("/v1/verify", "{'token':'" + token + "'}");
    }

    String code(String token) {
        return verify(token).at("/code");
    }

    /** The answers on the control port to one connection that sends these bytes (ISO 8859-1) and no more. */
    List<Answer> exchange(String requests) {
        try (Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), running.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return RawAnswers.parse(socket.getInputStream().readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does what nobody but an operator with a database tool can do. */
    void byHand(String... statements) {
        database.byHand(statements);
    }

    /**
     * What somebody does changes this, and nothing else: every row but those that the program writes by itself, whatever is
     * asked meanwhile. These are nodes that report, refusals and denied calls that are counted, the canary's key, and when
     * a session was last seen.
     */
    Map<String, List<List<Object>>> things() {
        Map<String, List<List<Object>>> things = new HashMap<>(rows());
        things.keySet()
                .removeAll(Set.of(
                        "nodes",
                        "refusals",
                        "audit_heads",
                        "feed_head",
                        "portal_sessions",
                        "sign_in_failures",
                        "visitor_counts"));
        things.get("audit_events").removeIf(row -> row.contains("access.denied"));
        things.get("feed_entries").removeIf(row -> row.contains("-"));
        return things;
    }

    /** Every row of every table. */
    synchronized Map<String, List<List<Object>>> rows() {
        try {
            if (byHand == null || !byHand.isValid(5)) {
                byHand = database.connect();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        try (Statement statement = byHand.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet names = statement.executeQuery(database.tables())) {
                while (names.next()) {
                    tables.add(names.getString(1));
                }
            }
            Map<String, List<List<Object>>> all = new HashMap<>();
            for (String table : tables) {
                all.put(table, rows(statement, table));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<List<Object>> rows(Statement statement, String table) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                List<Object> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    values.add(row.getObject(i));
                }
                rows.add(values);
            }
        }
        return rows;
    }

    /** Fails if a token that was handed out, or its secret part, can be read in the store or in the log. */
    void requireNoTokenAnywhere() {
        Map<String, String> places = new HashMap<>();
        places.put("the log", log.text());
        places.put("the rows", rows().toString());
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("keyrack.db"))
                    .toList()) {
                places.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(minted).isNotEmpty();
        for (String token : minted) {
            int end = token.length() - CHECK;
            String secret = token.startsWith("operator_") ? token : token.substring(end - SECRET, end);
            places.forEach((place, text) -> assertThat(text.contains(secret))
                    .as(place + " holds the token " + token)
                    .isFalse());
        }
    }

    @Override
    public void close() {
        try {
            requireNoTokenAnywhere();
        } finally {
            running.close();
            closeByHand();
            database.close();
            log.close();
            http.close();
            delete(data);
        }
    }

    private void closeByHand() {
        try {
            if (byHand != null) {
                byHand.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
