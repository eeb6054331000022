package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Promise: the operator sees every node and how far it is behind; a revocation says whom it waited for. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class NodeListTest {
    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.startLeased();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Nodes that registered last and were never heard of again. */
    private void silent(String... names) {
        for (String name : names) {
            server.database.byHand(
                    "INSERT INTO nodes (registration, name, kind, version, registered_seq, registered_at, applied, tag,"
                            + " longest_lease) SELECT 'reg_" + name + "', '" + name
                            + "', 'gate', 'test', seq, 1800000000000000, 0, 0, 1000000 FROM feed_head",
                    "UPDATE feed_head SET seq = seq + 1, tag = 7",
                    "INSERT INTO feed_entries SELECT seq, tag, '', 'node', 0, '{\"registration\":\"reg_" + name
                            + "\"}', 1800000000000000 FROM feed_head");
        }
    }

    @Test
    void ownGateIsANodeThatServesUnderALease() {
        until(() -> server.gate.get("/health/ready").status() == 200);
        until(() -> server.owner.get("/api/v1/nodes").items("/state").contains("serving"));
        Answer list = server.owner.get("/api/v1/nodes");
        String own = "/items/" + list.items("/kind").indexOf("serve");
        assertThat(list.at(own + "/name")).startsWith("serve@");
        assertThat(list.at(own + "/version")).isEqualTo("test");
        assertThat(list.at(own + "/state")).isEqualTo("serving");
        assertThat(list.json().at(own + "/leaseLeftSeconds").asDouble()).isPositive();
        assertThat(list.json().at(own + "/organizationId").isNull()).isTrue();
        assertThat(server.operator
                        .get("/api/v1/nodes", "Keyrack-Organization", "acme")
                        .status())
                .isEqualTo(200);
        assertThat(server.nobody.get("/metrics").text())
                .containsPattern("(?m)^keyrack_nodes [1-9]")
                .containsPattern("keyrack_node_applied\\{node=\"serve@[^\"]+\",registration=\"reg_[^\"]+\"} [1-9]")
                .containsPattern("(?m)^keyrack_lease_left_seconds [0-9.E-]+")
                .containsPattern("(?m)^keyrack_feed_lag [0-9]");
    }

    @Test
    void revocationNamesWhoConfirmedAndWhoseLeaseRanOut() {
        Made made = server.make("server");
        silent("gone");
        Answer revoked = server.owner.delete(made.path());
        assertThat(revoked.json().at("/confirmation/confirmedBy").size()).isEqualTo(1);
        assertThat(revoked.at("/confirmation/confirmedBy/0")).startsWith("serve@");
        assertThat(revoked.at("/confirmation/leaseExpired/0")).isEqualTo("gone");
        assertThat(server.code(made.token())).isEqualTo("REVOKED");
        Answer list = server.owner.get("/api/v1/nodes?limit=200");
        int gone = list.items("/name").indexOf("gone");
        assertThat(list.at("/items/" + gone + "/state")).isEqualTo("lapsed");
        assertThat(list.at("/items/" + gone + "/endedAt")).isNotEmpty();
        assertThat(server.nobody.get("/metrics").text())
                .as("ended nodes are no series")
                .doesNotContain("gone")
                .containsPattern("keyrack_revocation_lag_seconds_count\\{source=\"call\"} [1-9]");
        Answer later = server.owner.delete(server.make("server").path());
        assertThat(later.json().at("/confirmation/leaseExpired").size()).isZero();
    }

    @Test
    void catalogueThatTakesSomethingAwayWaitsForEveryNodeAndOneThatAddsForNone() {
        silent("away");
        Answer first = setCatalogue("chat.start", "chat.stop");
        assertThat(expired(first)).contains("away");
        silent("missing");
        Answer removed = setCatalogue("chat.start");
        assertThat(expired(removed)).containsExactly("missing");
        silent("unneeded");
        Answer added = setCatalogue("chat.start", "orders.read");
        assertThat(expired(added)).isEmpty();
        assertThat(added.at("/confirmation/sequence"))
                .as("the last that narrowed")
                .isEqualTo(removed.at("/confirmation/sequence"));
        assertThat(expired(setCatalogue("chat.start"))).containsExactly("unneeded");
    }

    private static List<String> expired(Answer answer) {
        List<String> names = new ArrayList<>();
        answer.json().at("/confirmation/leaseExpired").forEach(name -> names.add(name.asString()));
        return names;
    }

    private Answer setCatalogue(String... permissions) {
        StringBuilder entries = new StringBuilder();
        for (String permission : permissions) {
            entries.append(entries.isEmpty() ? "" : ",")
                    .append("{\"permission\":\"")
                    .append(permission)
                    .append("\",\"description\":\"d\",\"types\":[\"server\"]}");
        }
        Answer set = server.owner.send(
                "PUT",
                "/api/v1/permissions",
                "application/json",
                ("{\"permissions\":[" + entries + "]}").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(set.status()).as(set.text()).isEqualTo(200);
        return set;
    }

    @Test
    void pagesFollowOneAnotherWithoutGapOrRepetition() {
        silent("one", "two", "three");
        List<String> all = server.owner.get("/api/v1/nodes?limit=200").items("/id");
        assertThat(all.size()).isGreaterThanOrEqualTo(4);
        List<String> paged = new ArrayList<>();
        String next = "";
        do {
            Answer page = server.owner.get("/api/v1/nodes?limit=1" + (next.isEmpty() ? "" : "&cursor=" + next));
            paged.addAll(page.items("/id"));
            next = page.json().at("/next").isNull() ? "" : page.at("/next");
        } while (!next.isEmpty());
        assertThat(paged).isEqualTo(all);
    }

    @Test
    void listIsThereForWhoRunsTheInstallationOnly() {
        Answer refused = server.other.get("/api/v1/nodes");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("forbidden");
        assertThat(server.nobody.get("/api/v1/nodes").status()).isEqualTo(401);
    }
}
