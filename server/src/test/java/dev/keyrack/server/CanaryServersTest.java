package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.app.RunningServer;
import dev.keyrack.server.app.SettingsReader;
import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.engines.TestingPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: every process that serves tells how long a revocation takes, before anybody has made an organization. */
@Tag("engines")
class CanaryServersTest {
    private static final Pattern MEASURED =
            Pattern.compile("keyrack_revocation_lag_seconds_count\\{source=\"canary\"} ([0-9]+)");

    @TempDir
    Path path;

    private final HttpClient http = HttpClient.newHttpClient();

    private RunningServer serve(String name, TestingDatabase database, Map<String, String> more, Duration canary) {
        Map<String, String> settings = new HashMap<>(database.settings());
        settings.putAll(more);
        settings.putAll(
                Map.of("KEYRACK_DATA", path.resolve(name).toString(), "KEYRACK_PORT", "0", "KEYRACK_GATE_PORT", "0"));
        return RunningServer.start(SettingsReader.read(path.resolve("none.yaml"), settings), "test", canary);
    }

    private String metrics(String name) throws Exception {
        String url = ControlFile.read(path.resolve(name)).orElseThrow().url();
        return http.send(
                        HttpRequest.newBuilder(URI.create(url + "/metrics")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private long measured(String name) throws Exception {
        Matcher count = MEASURED.matcher(metrics(name));
        assertThat(count.find()).isTrue();
        return Long.parseLong(count.group(1));
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
            LockSupport.parkNanos(50_000_000);
        }
    }

    @Test
    void aProcessMeasuresItsRevocationsBeforeThereIsAnOrganization() throws Exception {
        try (TestingDatabase database = TestingDatabase.fresh(path.resolve("one"));
                RunningServer one = serve("one", database, Map.of(), Duration.ofMillis(10))) {
            assertThat(one.port()).isPositive();
            until(() -> measured("one") > 2);
            assertThat(metrics("one")).contains("keyrack_revocation_lag_seconds_bucket{source=\"canary\"");
        }
    }

    @Test
    void twoProcessesOnOneDatabaseMeasureBothAndTheOtherGoesOnWhenOneStops() throws Exception {
        try (TestingDatabase database = TestingDatabase.on(TestingPostgres.shared());
                RunningServer one = serve("one", database, Map.of(), Duration.ofMillis(10))) {
            assertThat(one.port()).isPositive();
            Map<String, String> keyset = Map.of(
                    "KEYRACK_KEYSET", Files.readString(path.resolve("one").resolve("keyset.json")));
            try (RunningServer two = serve("two", database, keyset, Duration.ofMillis(10))) {
                assertThat(two.port()).isPositive();
                until(() -> measured("one") > 2 && measured("two") > 2);
            }
            long before = measured("one");
            until(() -> measured("one") > before + 2);
            until(() -> metrics("one").contains("keyrack_replica_keys 0"));
        }
    }
}
