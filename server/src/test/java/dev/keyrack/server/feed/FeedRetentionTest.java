package dev.keyrack.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: entries are kept for 24 hours, and what is kept has no gap. */
@Tag("engines")
class FeedRetentionTest {
    @TempDir
    Path path;

    private TestingStore testing;
    private FeedRetention retention;

    @BeforeEach
    void open() {
        testing = new TestingStore(path);
        retention = new FeedRetention(testing.store());
    }

    @AfterEach
    void close() {
        testing.close();
    }

    @Test
    void entriesOlderThanADayAreClearedAway() {
        testing.change("a");
        testing.change("b");
        testing.sleep(Duration.ofHours(12));
        testing.change("c");
        testing.sleep(Duration.ofHours(12).minusMinutes(5));
        assertThat(retention.clear()).as("what is not yet a day old is kept").isZero();
        testing.sleep(Duration.ofMinutes(5));
        assertThat(retention.clear()).isEqualTo(2);
        assertThat(testing.numbers()).containsExactly(3L);
        assertThat(retention.clear()).isZero();
    }

    @Test
    void theNewestEntryStaysHoweverOldItIs() {
        testing.change("a");
        testing.change("b");
        testing.sleep(Duration.ofDays(30));
        assertThat(retention.clear()).isEqualTo(1);
        assertThat(testing.numbers()).containsExactly(2L);
        assertThat(testing.change("c")).isEqualTo(3);
    }

    @Test
    void clockThatWasSetBackTearsNoGap() {
        testing.sleep(Duration.ofDays(3));
        testing.change("a");
        testing.sleep(Duration.ofDays(-3));
        testing.change("b");
        testing.sleep(Duration.ofDays(3));
        testing.change("c");
        assertThat(retention.clear()).isZero();
        assertThat(testing.numbers()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void manyEntriesAreClearedAwayInSeveralChanges() throws Exception {
        testing.byHand(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000) INSERT INTO feed_entries"
                        + " SELECT i, i, 'o', 'organization', 0, '{}', 0 FROM n",
                "UPDATE feed_head SET seq = 12000, tag = 12000");
        assertThat(retention.clear()).isEqualTo(11_999);
        assertThat(testing.numbers()).containsExactly(12_000L);
    }
}
