package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.JsonNode;

/** Promise: whoever is refused with ever new values pushes no rare value out of what is kept of a key, and no number is lost. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class RefusalBoundsTest {
    private static final long HOUR = 3_600_000_000L;

    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static long thisHour() {
        long at = System.currentTimeMillis() * 1_000;
        return at - at % HOUR;
    }

    private static String row(Made key, long hour, String code, String value, int count) {
        return "('" + key.id() + "'," + hour + ",'" + code + "',0,'" + value + "'," + count + "," + hour + ","
                + (hour + 1) + ")";
    }

    private void write(List<String> rows) {
        for (int from = 0; from < rows.size(); from += 500) {
            server.byHand("INSERT INTO refusals (key_id, hour, code, observed, value, count, first_at, last_at) VALUES "
                    + String.join(",", rows.subList(from, Math.min(from + 500, rows.size()))));
        }
    }

    private void refused(Made key, String origin) {
        assertThat(server.gate
                        .post("/v1/verify", "{'token':'" + key.token() + "','origin':'" + origin + "'}")
                        .at("/code"))
                .isEqualTo("WEBSITE_NOT_ALLOWED");
    }

    private JsonNode until(Made key, String value) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        JsonNode report = report(key);
        while (!values(report).contains(value) && System.nanoTime() < deadline) {
            report = report(key);
        }
        assertThat(values(report)).contains(value);
        return report;
    }

    private JsonNode report(Made key) {
        return server.owner.get(key.path() + "/refusals").json();
    }

    private static List<String> values(JsonNode report) {
        return StreamSupport.stream(report.path("items").spliterator(), false)
                .map(item -> item.path("value").asString())
                .toList();
    }

    private static long total(JsonNode report) {
        return StreamSupport.stream(report.path("hours").spliterator(), false)
                .mapToLong(hour -> hour.path("refused").asLong())
                .sum();
    }

    private Made restricted() {
        return server.make("web", ",'restrictions':{'websites':[],'networks':[]}");
    }

    @Test
    void weekOfEverNewValuesLeavesTheRareOnes() {
        Made key = restricted();
        long now = thisHour();
        List<String> rows = new ArrayList<>();
        long all = 0;
        for (int hour = 1; hour <= 160; hour++) {
            long at = now - hour * HOUR;
            for (int i = 0; i < 20; i++) {
                rows.add(row(key, at, "WEBSITE_NOT_ALLOWED", "https://h" + hour + "i" + i + ".example", 1));
            }
            rows.add(row(key, at, "WEBSITE_NOT_ALLOWED", "https://steady.example", 3));
            all += 23;
        }
        rows.add(row(key, now - 150 * HOUR, "WEBSITE_NOT_ALLOWED", "https://twice.example", 2));
        rows.add(row(key, now - 155 * HOUR, "NETWORK_NOT_ALLOWED", "192.0.2.1", 1));
        rows.add(row(key, now - 163 * HOUR, "WEBSITE_NOT_ALLOWED", "https://quiet.example", 1));
        for (int hour : new int[] {5, 164}) {
            rows.add(row(key, now - hour * HOUR, "WEBSITE_NOT_ALLOWED", "https://zz-again.example", 1));
        }
        write(rows);
        assertThat(rows).hasSizeGreaterThan(3_000);
        refused(key, "https://newest.example");

        JsonNode report = until(key, "…");
        assertThat(values(report))
                .contains(
                        "https://newest.example",
                        "https://steady.example",
                        "https://twice.example",
                        "https://quiet.example",
                        "https://zz-again.example",
                        "192.0.2.1")
                .filteredOn(value -> !value.equals("…"))
                .as("those of the hours before, and the newest")
                .hasSize(1_001);
        assertThat(total(report)).isEqualTo(all + 4 + 2 + 1);
    }

    @Test
    void frequentValuesGiveUpTheirEarlierHoursForRareOnes() {
        Made key = restricted();
        long now = thisHour();
        List<String> rows = new ArrayList<>();
        for (int hour = 1; hour <= 160; hour++) {
            for (int i = 0; i < 8; i++) {
                rows.add(row(key, now - hour * HOUR, "WEBSITE_NOT_ALLOWED", "https://often" + i + ".example", 100));
            }
        }
        rows.add(row(key, now - 100 * HOUR, "WEBSITE_NOT_ALLOWED", "https://rare.example", 1));
        write(rows);
        refused(key, "https://newest.example");
        JsonNode report = until(key, "…");
        assertThat(values(report)).contains("https://rare.example", "https://often0.example");
        assertThat(total(report)).isEqualTo(160 * 800 + 1 + 1);
    }

    @Test
    void valuesBeyondThoseOfAnHourAndRuleAreCountedTogether() {
        Made key = restricted();
        List<String> rows = new ArrayList<>();
        for (long hour : new long[] {thisHour(), thisHour() + HOUR}) { // should the hour end just now
            for (int i = 0; i < 50; i++) {
                rows.add(row(key, hour, "WEBSITE_NOT_ALLOWED", "https://flood" + i + ".example", 1));
            }
        }
        write(rows);
        refused(key, "https://flood7.example");
        refused(key, "https://one-more.example");
        assertThat(server.gate
                        .post("/v1/verify", "{'token':'" + restrictedToNetworks(key) + "','ip':'192.0.2.9'}")
                        .at("/code"))
                .isEqualTo("NETWORK_NOT_ALLOWED");
        JsonNode report = until(key, "192.0.2.9");
        assertThat(values(report)).contains("…", "https://flood7.example").doesNotContain("https://one-more.example");
        for (JsonNode item : report.path("items")) {
            if (item.path("value").asString().equals("https://flood7.example")) {
                assertThat(item.path("count").asInt()).isEqualTo(3);
            }
        }
    }

    /** The token of a key that is no longer restricted to websites. */
    private String restrictedToNetworks(Made key) {
        assertThat(server.owner
                        .patch(key.path(), "{'restrictions':{'websites':null}}")
                        .status())
                .isEqualTo(200);
        return key.token();
    }
}
