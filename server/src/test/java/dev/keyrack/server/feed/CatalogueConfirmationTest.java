package dev.keyrack.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.gate.FeedSql;
import dev.keyrack.server.feed.TestingStore.Made;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Committed;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyType;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise: a permission that was taken out of the catalogue is granted by no node, whichever organization's keys it
 * verifies, once the call has returned; and no node gets a lease before it has applied that.
 */
@Tag("engines")
class CatalogueConfirmationTest {
    private static final Duration LEASE = Duration.ofSeconds(5);

    @TempDir
    Path path;

    private final TestingTime time = new TestingTime();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private TestingStore testing;
    private Confirmations confirmations;
    private Made key;

    @BeforeEach
    void open() {
        testing = opened(new TestingStore(path));
        new Nodes(testing.store(), time).firstLease(LEASE);
        confirmations = Confirmations.leased(
                testing.store(), "here", () -> null, LEASE, time, new NodeMetrics(new PrometheusRegistry()));
        time.pass(LEASE);
        key = testing.key();
    }

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.push(closeable);
        return closeable;
    }

    private TestingNode node(String name, @Nullable String organization) throws Exception {
        TestingNode node = opened(new TestingNode(testing, name, organization));
        node.follower.start();
        until(() -> node.verdict(key) == Code.VALID);
        return node;
    }

    private Committed<String> set(long version, boolean narrows, String... permissions) {
        List<FeedChange.Permitted> permitted = List.of(permissions).stream()
                .map(p -> new FeedChange.Permitted(p, Map.of(KeyType.SERVER, 0L)))
                .toList();
        return testing.store()
                .change(
                        new Cause(Actor.SYSTEM, null, "test"),
                        tx -> new Change<>(
                                "set",
                                List.of(),
                                List.of(new FeedDraft(
                                        FeedSql.EVERY_ORGANIZATION,
                                        new FeedChange.Catalogue(version, permitted),
                                        narrows))));
    }

    private CompletableFuture<Confirmation> confirming(Committed<?> change) throws Exception {
        ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
        open.push(thread::shutdownNow);
        long looked = time.readings();
        CompletableFuture<Confirmation> call =
                CompletableFuture.supplyAsync(() -> confirmations.ofEveryOrganization(change), thread);
        until(() -> time.readings() > looked);
        return call;
    }

    private void stillWaits(CompletableFuture<Confirmation> call) throws Exception {
        long looked = time.readings();
        until(() -> call.isDone() || time.readings() > looked + 20);
        assertThat(call).isNotDone();
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void nodesOfEveryOrganizationAreWaitedFor() throws Exception {
        TestingNode all = node("all", null);
        TestingNode own = node("own", TestingStore.ORGANIZATION);
        TestingNode others = node("others", "org_others");
        others.deaf(true);
        CompletableFuture<Confirmation> call = confirming(set(1, true, "chat.start"));
        until(() -> all.permitted(key, "chat.stop") == Code.PERMISSION_DENIED);
        stillWaits(call);
        others.deaf(false);
        Confirmation confirmation = call.get(60, TimeUnit.SECONDS);
        assertThat(confirmation.confirmedBy()).containsExactlyInAnyOrder("here", "all", "own", "others");
        for (TestingNode node : List.of(all, own, others)) {
            assertThat(node.permitted(key, "chat.start")).isEqualTo(Code.VALID);
            assertThat(node.permitted(key, "chat.stop")).isEqualTo(Code.PERMISSION_DENIED);
        }
    }

    @Test
    void nodeOfOneOrganizationGetsNoLeaseBeforeItHasTheCatalogue() throws Exception {
        TestingNode deaf = node("deaf", TestingStore.ORGANIZATION);
        deaf.deaf(true);
        CompletableFuture<Confirmation> call = confirming(set(1, true, "chat.start"));
        stillWaits(call);
        assertThat(deaf.permitted(key, "chat.stop"))
                .as("as long as the call waits")
                .isEqualTo(Code.VALID);
        deaf.time.pass(Duration.ofSeconds(2));
        long reported = deaf.reports.get();
        until(() -> deaf.reports.get() > reported + 3);
        deaf.time.pass(LEASE.minusSeconds(2));
        time.pass(LEASE);
        assertThat(call.get(60, TimeUnit.SECONDS).leaseExpired()).containsExactly("deaf");
        assertThat(deaf.permitted(key, "chat.stop")).isEqualTo(Code.STALE);
    }

    @Test
    void repeatedCallWaitsAgainAndSoDoesOneAboutAKey() throws Exception {
        TestingNode deaf = node("deaf", TestingStore.ORGANIZATION);
        deaf.deaf(true);
        set(1, true, "chat.start");
        CompletableFuture<Confirmation> repeated = confirming(testing.nothing());
        stillWaits(repeated);
        ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
        open.push(thread::shutdownNow);
        Committed<String> nothing = testing.nothing();
        CompletableFuture<Confirmation> aboutAKey =
                CompletableFuture.supplyAsync(() -> confirmations.of(nothing, TestingStore.ORGANIZATION), thread);
        stillWaits(aboutAKey);
        deaf.deaf(false);
        assertThat(repeated.get(60, TimeUnit.SECONDS).confirmedBy()).containsExactly("here", "deaf");
        aboutAKey.get(60, TimeUnit.SECONDS);
    }

    @Test
    void whatOnlyAddsWaitsForNobody() throws Exception {
        set(1, true, "chat.start");
        TestingNode deaf = node("deaf", null);
        deaf.deaf(true);
        assertThat(confirming(set(2, false, "chat.start", "chat.stop"))
                        .get(60, TimeUnit.SECONDS)
                        .leaseExpired())
                .isEmpty();
    }
}
