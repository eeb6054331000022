package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise: the operator sees every node and how far it is behind; whatever takes something away says whom it waited for. */
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
        assertThat(expired(revoked)).contains("gone");
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "networks|{'restrictions':{'networks':['192.0.2.1']}}",
                "fewer-networks|{'restrictions':{'networks':['192.0.2.0/25']}}",
                "local|{'localDevelopment':null}",
                "permissions|{'permissions':['chat.start']}",
                "expiry|{'expiresAt':'2100-01-01T00:00:00Z'}",
                "all|{'name':'n','expiresAt':'2100-01-01T00:00:00Z','permissions':[]}"
            })
    void keyThatIsGivenLessWaitsForEveryNode(String node, String patch) {
        Made made = server.make(
                "server", ",'expiresAt':'2101-01-01T00:00:00Z','restrictions':{'networks':['192.0.2.0/24']}");
        assertThat(server.owner
                        .patch(made.path(), "{'localDevelopment':{'address':'203.0.113.7'}}")
                        .status())
                .isEqualTo(200);
        silent("wide-" + node);
        Answer patched = server.owner.patch(made.path(), patch);
        assertThat(patched.status()).as(patched.text()).isEqualTo(200);
        assertThat(expired(patched)).contains("wide-" + node);
        assertThat(patched.at("/confirmation/confirmedBy/0")).startsWith("serve@");
    }

    @Test
    void newTokenInPlaceOfTheFormerOneWaitsForEveryNodeAndSoDoesTheEndOfAnOverlap() {
        Made made = server.make("server");
        silent("former-token");
        Answer regenerated = server.owner.post(made.path() + "/regenerate");
        assertThat(regenerated.status()).as(regenerated.text()).isEqualTo(200);
        assertThat(expired(regenerated)).contains("former-token");
        assertThat(server.owner
                        .post(made.path() + "/regenerate", "{'overlapSeconds':3600}")
                        .status())
                .isEqualTo(200);
        silent("overlap");
        Answer ended = server.owner.post(made.path() + "/end-overlap");
        assertThat(ended.status()).as(ended.text()).isEqualTo(200);
        assertThat(expired(ended)).contains("overlap");
    }

    /** Whoever's first call was cut off learns from the second one as much as from the first. */
    @Test
    void repeatedRevocationWaitsAgain() throws Exception {
        Made made = server.make("server");
        silent("asked-twice");
        server.database.byHand("UPDATE nodes SET longest_lease = 4000000 WHERE name = 'asked-twice'");
        CompletableFuture<Answer> first = CompletableFuture.supplyAsync(() -> server.owner.delete(made.path()));
        until(() -> server.code(made.token()).equals("REVOKED"));

        Answer second = server.owner.delete(made.path());

        assertThat(second.status()).as(second.text()).isEqualTo(200);
        assertThat(expired(second)).contains("asked-twice");
        assertThat(expired(first.get())).contains("asked-twice");
    }

    @Test
    void changeThatNoVerifierHasToLearnOfAndEnablingWaitForNobody() {
        Made made = server.make("server");
        server.owner.post(made.path() + "/disable");
        silent("uninterested");
        Answer renamed = server.owner.patch(made.path(), "{'name':'Renamed','metadata':{'a':'b'}}");
        assertThat(renamed.status()).isEqualTo(200);
        assertThat(renamed.json().has("confirmation")).isFalse();
        assertThat(expired(server.owner.post(made.path() + "/enable"))).isEmpty();
        assertThat(expired(server.owner.post(made.path() + "/disable"))).contains("uninterested");
    }

    /** Neither for what another call is still waiting for. */
    @Test
    void whatWaitsForNobodyDoesNotWaitForWhatOthersChanged() throws Exception {
        Made other = server.make("server");
        Made made = server.make("server");
        server.owner.post(made.path() + "/disable");
        silent("in-nobodys-way");
        server.database.byHand("UPDATE nodes SET longest_lease = 6000000 WHERE name = 'in-nobodys-way'");
        CompletableFuture<Answer> narrowing = CompletableFuture.supplyAsync(() -> server.owner.delete(other.path()));
        until(() -> server.code(other.token()).equals("REVOKED"));

        Answer renamed = server.owner.patch(made.path(), "{'name':'Renamed'}");
        Answer enabled = server.owner.post(made.path() + "/enable");

        assertThat(narrowing.isDone())
                .as("the revocation waits for the silent node")
                .isFalse();
        assertThat(renamed.status()).isEqualTo(200);
        assertThat(enabled.json().at("/confirmation/confirmedBy").size()).isEqualTo(1);
        assertThat(expired(narrowing.get())).contains("in-nobodys-way");
    }

    @Test
    void suspendingAnOrganizationWaitsForEveryNodeAndResumingItForNone() {
        String path = "/api/v1/organizations/" + server.otherOrganization;
        silent("open");
        Answer suspended = server.owner.post(path + "/suspend");
        assertThat(suspended.status()).as(suspended.text()).isEqualTo(200);
        assertThat(expired(suspended)).contains("open");
        silent("suspended");
        assertThat(expired(server.owner.post(path + "/resume"))).isEmpty();
        assertThat(expired(server.owner.post(path + "/suspend"))).contains("suspended");
        assertThat(server.owner.post(path + "/resume").status()).isEqualTo(200);
    }

    @Test
    void deletingAnOrganizationWaitsForEveryNodeAndRestoringItForNone() {
        String path = "/api/v1/organizations/" + server.otherOrganization;
        silent("deleted");
        assertThat(expired(server.owner.delete(path))).contains("deleted");
        silent("restored");
        assertThat(expired(server.owner.post(path + "/resume"))).isEmpty();
        assertThat(expired(server.owner.delete(path))).contains("restored");
        assertThat(server.owner.post(path + "/resume").status()).isEqualTo(200);
    }

    @Test
    void pageOfASuspensionNamesWhoConfirmedItAndWhoseLeaseRanOut() {
        TestingReader operator = TestingReader.owner(server);
        operator.open("/operator/organizations");
        String path = "/operator/organizations/" + server.otherOrganization;
        silent("unheard");
        assertThat(operator.send(path + "/suspend").text())
                .contains("Off everywhere since", "<code>serve@", "Lease ran out", "<code>unheard</code>");
        assertThat(operator.send(path + "/resume").text())
                .contains("In force since")
                .doesNotContain("Off everywhere", "Lease ran out");
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
    void metricsTellOfEachNodeHowFarItIsBehindAndWhatIsLeftOfItsLease() {
        until(() -> {
            String own = metrics();
            double left = of("serve@", "lease_left_seconds", own);
            assertThat(left).isLessThanOrEqualTo(1);
            return left > 0 && of("serve@", "lag", own) == 0;
        });
        silent("behind");
        String all = metrics();
        assertThat(of("behind", "lease_left_seconds", all)).isZero();
        assertThat(of("behind", "applied", all)).isZero();
        assertThat(of("behind", "lag", all))
                .as("all that there is")
                .isPositive()
                .isEqualTo(of("serve@", "applied", all) + of("serve@", "lag", all));
    }

    private String metrics() {
        return server.nobody.get("/metrics").text();
    }

    /** What the metrics say of the node whose name begins so. */
    private static double of(String node, String metric, String metrics) {
        Matcher line = Pattern.compile("(?m)^keyrack_node_" + metric + "\\{node=\"" + node + "[^}]*} (.+)$")
                .matcher(metrics);
        assertThat(line.find()).as(metric + " of " + node).isTrue();
        return Double.parseDouble(line.group(1));
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
