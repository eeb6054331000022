package dev.keyrack.server.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.DeniedCalls.Tried;
import dev.keyrack.server.accounts.DeniedCalls.Why;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.TokenFormat;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Promise: each denied call is counted in the audit trail, and nobody can flood it with them. */
class DeniedCallsTest {
    private static final int FLOOD = 10_000;
    private static final Cause CAUSE = new Cause(Actor.OPERATOR, null, "test");

    @TempDir
    Path path;

    private DataFolder folder;
    private Store store;
    private DeniedCalls denied;
    private final SecureRandom random = new SecureRandom();
    private final Ids ids = new Ids(random);

    @BeforeEach
    void open() {
        folder = DataFolder.take(path).orElseThrow();
        store = Database.open(folder, new Database.KeysetPlace(null, null), InstantSource.system(), random)
                .store();
        denied = new DeniedCalls(store);
    }

    @AfterEach
    void close() {
        store.close();
        folder.close();
    }

    private Accounts.Founded found(String subdomain, boolean operator) {
        Organization organization = new Organization(
                ids.next("org"), "Name", subdomain, operator, "active", OrganizationSettings.NONE, null, null, 1, 0);
        Member owner = new Member(ids.next("mem"), organization.id(), "o@example.com", "", Role.OWNER, 1, 0);
        TokenFormat.Minted minted = TokenFormat.mint("kr", TokenFormat.PERSONAL_TAG, random);
        AccountSql sql = new AccountSql();
        return store.change(CAUSE, tx -> {
                    sql.insert(tx, organization);
                    new MemberSql().insert(tx, owner);
                    sql.putToken(
                            tx, owner.id(), minted.id().value(), minted.digest().text());
                    return Change.none(new Accounts.Founded(organization, owner, minted.token()));
                })
                .result();
    }

    private record Event(String organization, String address, String targetKind, String targetId, JsonNode after) {
        long count() {
            return after.path("count").asLong();
        }
    }

    private List<Event> written() {
        denied.write();
        return store.read(tx -> tx.handle()
                .createQuery("SELECT organization_id, COALESCE(address, ''), target_kind, target_id, after_state"
                        + " FROM audit_events WHERE action = 'access.denied' ORDER BY seq")
                .map((row, context) -> new Event(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        JsonMapper.shared().readTree(row.getString(5))))
                .list());
    }

    private static long sum(List<Event> events) {
        return events.stream().mapToLong(Event::count).sum();
    }

    @Test
    void floodFromOneSourceIsOneEventWithItsCount() {
        String operator = found("acme", true).organization().id();
        for (int i = 0; i < FLOOD; i++) {
            denied.count("192.0.2.7", new Tried(Why.TOKEN, "unknown" + i));
        }
        List<Event> events = written();
        assertThat(events).hasSize(1);
        assertThat(sum(events)).isEqualTo(FLOOD);
        assertThat(events.getFirst().after().path("tried").size())
                .as("what was tried is told apart up to a bound, and the rest together")
                .isEqualTo(DeniedCalls.TRIED + 1);
        assertThat(events.getFirst().organization()).isEqualTo(operator);
        assertThat(events.getFirst().address()).isEqualTo("192.0.2.7");
        assertThat(written()).as("what was written is not written again").hasSize(1);
    }

    @Test
    void floodFromManySourcesIsABoundedNumberOfEventsThatCountAll() {
        found("acme", true);
        for (int i = 0; i < FLOOD; i++) {
            denied.count("10.0." + i / 256 + "." + i % 256, new Tried(Why.NO_TOKEN));
        }
        List<Event> events = written();
        assertThat(events).hasSize(DeniedCalls.SOURCES + 1);
        assertThat(sum(events)).isEqualTo(FLOOD);
        assertThat(events.getLast().address()).isEmpty();
        assertThat(events.getLast().count()).isEqualTo(FLOOD - DeniedCalls.SOURCES);
    }

    @Test
    void credentialThatIsKnownIsToldToItsOwnOrganization() {
        Accounts.Founded first = found("acme", true);
        Accounts.Founded other = found("other", false);
        String token = other.token().reveal().substring(7, 18);
        denied.count("192.0.2.7", new Tried(Why.TOKEN, token));
        denied.count("192.0.2.7", new Tried(Why.TOKEN, token));
        denied.count("192.0.2.7", new Tried(Why.NOT_ALLOWED, other.owner().id()));
        denied.count("192.0.2.7", new Tried(Why.NO_CREDENTIAL));
        List<Event> events = written();
        assertThat(events).hasSize(3);
        assertThat(events)
                .filteredOn(e -> e.organization().equals(other.organization().id()))
                .extracting(Event::targetKind, Event::targetId, Event::count)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("token", token, 2L),
                        org.assertj.core.groups.Tuple.tuple(
                                "member", other.owner().id(), 1L));
        assertThat(events)
                .filteredOn(e -> e.organization().equals(first.organization().id()))
                .extracting(Event::count)
                .containsExactly(1L);
    }

    @Test
    void beforeSetupThereIsNobodyToTell() {
        denied.count("192.0.2.7", new Tried(Why.NO_CREDENTIAL));
        assertThat(written()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7,192.0.2.7",
        "2001:db8::1,2001:db8:0:0:0:0:0:0/64",
        "2001:db8:0:0:ffff:1:2:3,2001:db8:0:0:0:0:0:0/64",
        "2001:db8:0:1::1,2001:db8:0:1:0:0:0:0/64",
        "::ffff:192.0.2.7,192.0.2.7",
        "fe80::1%eth0,fe80:0:0:0:0:0:0:0/64",
        "'',unknown",
        "nonsense,unknown"
    })
    void sourceIsAnAddressOrTheNetworkThatItsHolderHas(String address, String source) {
        assertThat(DeniedCalls.network(address)).isEqualTo(source);
    }
}
