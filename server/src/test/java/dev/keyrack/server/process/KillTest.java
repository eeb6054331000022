package dev.keyrack.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Promise: whatever was acknowledged survives SIGKILL at any moment, and no token that was revoked or superseded is ever
 * good again. What was cut off and is sent again with its Idempotency-Key has happened once. {@code -Dkeyrack.kills} says how often in the
 * middle of changes; after every third the start is killed, too, and what is found then is looked at as after the others.
 */
class KillTest {
    private static final int CLIENTS = 4;

    @TempDir
    Path folder;

    @Test
    void everyAcknowledgedChangeSurvivesKillsAtAnyMoment() throws Exception {
        int kills = Integer.getInteger("keyrack.kills", 10);
        long seed = Long.getLong("keyrack.seed", System.nanoTime());
        Random random = new Random(seed);
        Program program = Program.in(folder);
        Path database = program.data().resolve("keyrack.db");
        List<KillClient> clients = new ArrayList<>();
        int atStart = 0;
        KeyrackProcess process = program.serve();
        try {
            String token = SampleStore.setUp(process);
            String project = SampleStore.project(process.control().as(token));
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new KillClient("client " + i, project, new Random(seed + i)));
            }
            for (int kill = 1; kill <= kills; kill++) {
                killDuringChanges(process, clients, token, random);
                if (kill % 3 == 0) {
                    process = program.start();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(2_500)));
                    process.kill();
                    atStart++;
                }
                process = program.serve();
                check(process, clients, token, database, kill == kills);
            }
            assertThat(process.stop()).isIn(0, 143);
            Program.Result trail = program.run("audit", "verify");
            assertThat(trail.status()).as(trail.out() + trail.err()).isZero();
        } catch (Exception | Error e) {
            throw new AssertionError("with -Dkeyrack.seed=" + seed, e);
        } finally {
            process.close();
        }
        int acknowledged = clients.stream().mapToInt(KillClient::acknowledged).sum();
        System.out.println("KillTest: " + kills + " kills in the middle of changes and " + atStart
                + " of a start after one, " + acknowledged + " changes acknowledged, "
                + clients.stream().mapToInt(KillClient::unacknowledged).sum() + " cut off, "
                + clients.stream().mapToInt(KillClient::repeated).sum() + " cut off and repeated, all accounted for");
        assertThat(acknowledged).isGreaterThan(kills);
        assertThat(atStart).isEqualTo(kills / 3);
    }

    private static void killDuringChanges(KeyrackProcess process, List<KillClient> clients, String token, Random random)
            throws Exception {
        Api api = process.control().as(token);
        int before = clients.stream().mapToInt(KillClient::acknowledged).sum();
        List<Thread> threads = clients.stream()
                .map(client -> Thread.ofVirtual().start(() -> client.changeUntilCutOff(api)))
                .toList();
        int enough = before + 1 + random.nextInt(60);
        Wait.until("changes are under way", () -> {
            clients.forEach(KillClient::requireNoFailure);
            return clients.stream().mapToInt(KillClient::acknowledged).sum() >= enough;
        });
        LockSupport.parkNanos(random.nextInt(20_000_000));
        process.kill();
        for (Thread thread : threads) {
            thread.join();
        }
        clients.forEach(KillClient::requireNoFailure);
    }

    private static void check(
            KeyrackProcess process, List<KillClient> clients, String token, Path database, boolean all)
            throws Exception {
        for (KillClient client : clients) {
            client.repeatDoubt(process.control().as(token));
        }
        Set<String> requests = Records.assertWhole(database);
        Map<String, JsonNode> byName = new HashMap<>();
        for (JsonNode key : process.control().as(token).all("/api/v1/keys")) {
            assertThat(byName.put(key.at("/name").asString(), key))
                    .as("two keys of one name")
                    .isNull();
        }
        int known = 0;
        for (KillClient client : clients) {
            known += client.check(byName, requests, process.gate(), all);
        }
        assertThat(byName).as("keys that nobody asked for").hasSize(known);
    }
}
