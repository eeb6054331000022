package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.server.accounts.Erasure;
import dev.keyrack.server.accounts.Role;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.app.ErasedParts;
import dev.keyrack.server.app.RunningServer;
import dev.keyrack.server.app.SettingsReader;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Erasable;
import dev.keyrack.server.store.Store;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Promise: when the time of a deleted organization is over, nothing tells of it but the audit trail and a row without a name. */
@Tag("engines")
class ErasureTest {
    /** Tables that hold nothing of a single organization. Of an address, sign_in_failures has a keyed hash. */
    private static final Set<String> OF_NO_ORGANIZATION = Set.of(
            "catalogue",
            "catalogue_permissions",
            "feed_head",
            "flyway_schema_history",
            "installation",
            "lease_lengths",
            "sign_in_failures");

    /** What may tell of an organization that is erased: entries of the feed for a day. */
    private static final Set<String> REMAINING = Set.of("audit_events", "audit_heads", "feed_entries", "organizations");

    private TestingServer server;
    private String id;
    private TestingServer.Made key;

    @BeforeEach
    void start() {
        server = TestingServer.startAnswering(new TestingAnswerer());
        id = server.otherOrganization;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Something of everything, and more of some than fits into one batch. */
    private void fill() {
        Answer made = server.other.post(
                "/api/v1/keys",
                "{'name':'Once','type':'web','projectId':'" + server.otherProject + "'}",
                "Idempotency-Key",
                "once");
        key = new TestingServer.Made(made.at("/key/id"), made.at("/token"));
        for (int i = 0; i < 5; i++) {
            server.makeOther();
            server.other.post("/api/v1/projects", "{'name':'More'}");
        }
        server.other.delete(server.makeOther().path());
        server.other.post(key.path() + "/identity-keys", "{}");
        server.other.patch(key.path() + "/component", "{'title':'Ask us'}");
        server.other.send("PUT", key.path() + "/hosted-page", BodyPublishers.noBody());
        server.refused(key.id(), 1_800_000_000_000_000L, "WEBSITE_NOT_ALLOWED", false, "https://a.example", 3);
        String assistant = "/api/v1/projects/" + server.otherProject + "/assistant";
        server.other.patch(assistant, "{'faq':{'fallback':'No.'}}");
        for (int i = 0; i < 5; i++) {
            server.other.post(assistant + "/entries", "{'question':'Q" + i + "','answer':'A'}");
        }
        server.other.send("PUT", "/api/v1/organizations/" + id + "/logo", "image/png", TestingPicture.png(9, 9));
        server.other.post("/api/v1/invitations", "{'email':'invited@example.org','role':'support'}");
        for (Role role : Role.values()) {
            TestingReader.of(server, role, id);
        }
        String colleague = ids("SELECT id FROM members WHERE role = 'support' AND organization_id = '" + id + "'")
                .getFirst();
        server.other.post("/api/v1/members/" + colleague + "/recovery-link");
        for (int i = 0; i < 3; i++) {
            TestingVisitor guest = TestingVisitor.of(server, key.token());
            String said = guest.start();
            guest.send(said, "echo one");
            String reply = guest.client().get(TestingVisitor.path(said)).at("/messages/1/id");
            guest.client().post(TestingVisitor.path(said) + "/messages/" + reply + "/rating", "{'rating':'up'}");
        }
        server.byHand(
                "INSERT INTO identities_used (digest, ends_at, session_id)"
                        + " SELECT 'd' || id, ends_at, id FROM visitor_sessions",
                "INSERT INTO nodes (registration, name, kind, organization_id, version, registered_seq, registered_at,"
                        + " applied, tag, longest_lease, ended_at) VALUES ('reg_theirs', 'library', 'gate', '" + id
                        + "', 'test', 1, 0, 0, 0, 0, 1800000000000000)");
    }

    private List<String> ids(String query) {
        try (Connection connection = server.database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<String> ids = new ArrayList<>();
            while (row.next()) {
                ids.add(row.getString(1));
            }
            return ids;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whatever a row would tell of it by. */
    private Set<String> names() {
        Set<String> names = new TreeSet<>(Set.of(id));
        String own = " WHERE organization_id = '" + id + "'";
        for (String table : List.of("members", "invitations", "projects", "keys", "visitors", "conversations")) {
            names.addAll(ids("SELECT id FROM " + table + own));
        }
        names.addAll(ids("SELECT email FROM members" + own));
        names.addAll(ids("SELECT email FROM invitations" + own));
        names.addAll(ids("SELECT s.id FROM visitor_sessions s JOIN visitors v ON v.id = s.visitor_id" + own));
        assertThat(names).hasSizeGreaterThan(30);
        return names;
    }

    private Set<String> tablesThatName(Set<String> names) {
        Set<String> tables = new TreeSet<>();
        server.rows().forEach((table, rows) -> {
            String all = rows.toString();
            if (names.stream().anyMatch(all::contains)) {
                tables.add(table);
            }
        });
        return tables;
    }

    private void deleteAndLetTimePass() {
        assertThat(server.owner.delete("/api/v1/organizations/" + id).status()).isEqualTo(200);
        server.byHand("UPDATE organizations SET kept_until = 1 WHERE id = '" + id + "'");
    }

    /** The store that the program had, which is closed. */
    private void withStore(Consumer<Store> work) {
        server.running.close();
        try (DataFolder folder = DataFolder.take(server.data).orElseThrow();
                Store store =
                        server.database.open(folder, InstantSource.system()).store()) {
            work.accept(store);
        }
    }

    private void assertErased(Set<String> names) {
        assertThat(tablesThatName(names)).isSubsetOf(REMAINING).contains("audit_events", "organizations");
        assertThat(ids("SELECT subdomain FROM organizations WHERE id = '" + id
                        + "' AND name = '' AND settings = '{}' AND logo IS NULL AND erased_at IS NOT NULL"))
                .containsExactly(id);
        assertThat(server.rows().get("keys")).as("of the operator's").isNotEmpty();
    }

    @Test
    void nothingTellsOfAnErasedOrganizationButItsTrailAndARowWithoutAName() {
        fill();
        server.make("web");
        Set<String> names = names();
        Set<String> expected = new TreeSet<>(server.rows().keySet());
        expected.removeIf(table -> OF_NO_ORGANIZATION.contains(table) || table.startsWith("sqlite_"));
        assertThat(tablesThatName(names)).as("something of everything is there").containsAll(expected);
        assertThat(ids("SELECT DISTINCT substr(subject, 1, 3) FROM visitor_counts"))
                .as("counted by every limit of visitors and keys")
                .contains("cv/", "mv/", "rv/", "ck/", "mk/", "sk/");
        Set<String> keys = new TreeSet<>(ids("SELECT id FROM keys WHERE organization_id = '" + id + "'"));
        deleteAndLetTimePass();
        withStore(store -> {
            long before = store.feed().head().number();
            assertThat(new Erasure(store, ErasedParts.all(), 2).clear()).isEqualTo(1);
            assertErased(names);
            List<String> told = store.feed().entriesFrom(before + 1, 100).stream()
                    .map(entry -> entry.change().toString())
                    .toList();
            assertThat(told).hasSize(keys.size() + 1);
            assertThat(keys).allMatch(gone -> told.toString().contains(gone));
            assertThat(new Erasure(store, ErasedParts.all()).clear()).isZero();
        });
    }

    /** Throws after so many batches, as a process that is killed does nothing more. */
    private static List<Erasable> interrupted(int batches) {
        AtomicInteger left = new AtomicInteger(batches);
        Erasable kill = (tx, organization, most) -> {
            if (left.decrementAndGet() < 0) {
                throw new IllegalStateException("killed");
            }
            return Change.none(0);
        };
        List<Erasable> parts = new ArrayList<>(List.of(kill));
        parts.addAll(ErasedParts.all());
        return parts;
    }

    @Test
    void erasureThatIsInterruptedAgainAndAgainIsFinished() {
        fill();
        server.make("web");
        Set<String> names = names();
        deleteAndLetTimePass();
        withStore(store -> {
            int rounds = 0;
            while (ids("SELECT id FROM organizations WHERE erased_at IS NOT NULL")
                    .isEmpty()) {
                rounds++;
                try {
                    new Erasure(store, interrupted(3), 2).clear();
                } catch (IllegalStateException killed) {
                    assertThat(killed).hasMessage("killed");
                }
            }
            assertThat(rounds).isGreaterThan(5);
            assertErased(names);
        });
    }

    @Test
    void organizationWhoseKeysWorkIsNeverErased() {
        deleteAndLetTimePass();
        // As a program does that knows of no deletions.
        server.byHand("UPDATE organizations SET state = 'active' WHERE id = '" + id + "'");
        assertThat(server.other.get("/api/v1/me").at("/organization/state")).isEqualTo("active");
        withStore(store -> {
            assertThat(new Erasure(store, ErasedParts.all()).clear()).isZero();
            assertThat(ids("SELECT id FROM members WHERE organization_id = '" + id + "'"))
                    .isNotEmpty();
        });
    }

    @Test
    void organizationThatCannotBeErasedKeepsNoOtherWaiting() {
        String third = server.owner
                .post("/api/v1/organizations", "{'name':'Third','subdomain':'third','ownerEmail':'third@example.com'}")
                .at("/organization/id");
        server.owner.delete("/api/v1/organizations/" + third);
        deleteAndLetTimePass();
        server.byHand("UPDATE organizations SET kept_until = 2 WHERE id = '" + third + "'");
        withStore(store -> {
            List<Erasable> parts = new ArrayList<>(ErasedParts.all());
            parts.addFirst((tx, organization, most) -> {
                if (organization.equals(id)) {
                    throw new IllegalStateException("not this one");
                }
                return Change.none(0);
            });
            assertThatThrownBy(() -> new Erasure(store, parts).clear()).hasMessage("not this one");
            assertThat(ids("SELECT id FROM organizations WHERE erased_at IS NOT NULL"))
                    .containsExactly(third);
        });
    }

    @Test
    void programErasesByItselfWhatIsDueAndNothingElse() {
        TestingServer.Made theirs = server.makeOther();
        Answer third = server.owner.post(
                "/api/v1/organizations", "{'name':'Third','subdomain':'third','ownerEmail':'third@example.com'}");
        String kept = "/api/v1/organizations/" + third.at("/organization/id");
        server.owner.delete(kept);
        deleteAndLetTimePass();
        server.running.close();
        Map<String, String> settings = new HashMap<>(server.database.settings());
        settings.putAll(Map.of("KEYRACK_DATA", server.data.toString(), "KEYRACK_PORT", "0", "KEYRACK_GATE_PORT", "0"));
        try (HttpClient http = HttpClient.newHttpClient();
                RunningServer again =
                        RunningServer.start(SettingsReader.read(server.data.resolve("none.yaml"), settings), "test")) {
            ControlFile.Running control = ControlFile.read(server.data).orElseThrow();
            TestingClient owner = new TestingClient(http, control.url(), Contract.THE, answer -> {})
                    .as("x-api-key", server.ownerToken);
            TestingClient gate = new TestingClient(http, control.gateUrl(), Contract.THE, answer -> {});
            until(() -> !ids("SELECT id FROM organizations WHERE erased_at IS NOT NULL")
                    .isEmpty());
            assertThat(owner.get("/api/v1/organizations").items("/subdomain")).containsExactly("acme", "third");
            String gone = "/api/v1/organizations/" + id;
            assertThat(owner.get(gone).status()).isEqualTo(404);
            assertThat(owner.post(gone + "/resume").status()).isEqualTo(404);
            assertThat(owner.delete(gone).status()).isEqualTo(404);
            until(() -> gate.post("/v1/verify", "{'token':'" + theirs.token() + "'}")
                    .at("/code")
                    .equals("UNKNOWN"));
            Answer trail = owner.get("/api/v1/audit?action=organization.erased");
            assertThat(trail.at("/items/0/target/name")).isEqualTo("Other");
            assertThat(owner.send("POST", "/api/v1/audit/verify", "application/x-ndjson", new byte[0])
                            .at("/whole"))
                    .isEqualTo("true");
            assertThat(owner.post(kept + "/resume").at("/organization/state")).isEqualTo("active");
            assertThat(owner.post(
                                    "/api/v1/organizations",
                                    "{'name':'Other','subdomain':'other','ownerEmail':'o@example.com'}")
                            .status())
                    .isEqualTo(201);
            assertThat(again.port()).isPositive();
        }
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
