package dev.keyrack.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: refusals are kept for a week, and not longer. */
@Tag("engines")
class RefusalRetentionTest {
    private static final long MINUTE = 60_000_000L;
    private static final long WEEK = 7 * 24 * 60 * MINUTE;

    @TempDir
    Path path;

    private static void refused(TestingDesk desk, String value, long at) {
        desk.byHand(
                "INSERT INTO refusals (key_id, hour, code, observed, value, count, first_at, last_at) VALUES ('key', "
                        + at + ", 'WEBSITE_NOT_ALLOWED', 0, '" + value + "', 1, " + at + ", " + at + ")");
    }

    @Test
    void whatIsOlderThanAWeekIsClearedAwayAndNothingElse() {
        try (TestingDesk desk = new TestingDesk(path)) {
            long now = desk.store().now();
            refused(desk, "older", now - WEEK - MINUTE);
            refused(desk, "younger", now - WEEK + MINUTE);
            assertThat(new RefusalRetention(desk.store()).clear()).isEqualTo(1);
            List<KeyRefusalsSql.Group> left = desk.store().read(tx -> new KeyRefusalsSql().groups(tx, "key", 0));
            assertThat(left).extracting(KeyRefusalsSql.Group::value).containsExactly("younger");
        }
    }
}
