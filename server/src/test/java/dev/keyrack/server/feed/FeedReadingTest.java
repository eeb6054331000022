package dev.keyrack.server.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.gate.FeedSource;
import dev.keyrack.server.feed.TestingStore.Made;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.FeedEntry;
import dev.keyrack.verifier.KeyState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise: a node that loads gets the state of one moment; however far it is behind, and however large the entries are, it
 * reads all of them, a bounded piece at a time.
 */
@Tag("engines")
class FeedReadingTest {
    private static final int MANY = 8_000;

    @TempDir
    Path path;

    /** Entries of a kind that nobody knows. @param payloads what each weighs, in bytes */
    private static void fill(TestingStore testing, int... payloads) {
        long number = testing.store().feed().head().number();
        List<String> statements = new ArrayList<>();
        for (int bytes : payloads) {
            statements.add("INSERT INTO feed_entries (seq, tag, organization_id, kind, narrows, payload, at) VALUES ("
                    + ++number + ", 1, '', 'test', 0, '" + "x".repeat(bytes) + "', 0)");
        }
        statements.add("UPDATE feed_head SET seq = " + number + ", tag = 1");
        testing.byHand(statements.toArray(String[]::new));
    }

    /** A change is committed after the head and the organizations were read, and before the keys are. */
    @Test
    void snapshotIsOfOneMomentWhateverIsCommittedMeanwhile() {
        try (TestingStore testing = new TestingStore(path)) {
            FeedChange.Key before = testing.key().in(KeyState.ACTIVE, 1);
            Made made = testing.key();
            long number = testing.store().feed().head().number();
            List<FeedChange> read = new ArrayList<>();

            FeedSource.Head head = testing.store().feed().snapshot(change -> {
                if (read.isEmpty()) {
                    testing.revoke(made);
                    testing.key();
                }
                read.add(change);
            });

            assertThat(testing.store().feed().head().number()).isEqualTo(number + 2);
            assertThat(head.number()).isEqualTo(number);
            assertThat(head.tag()).isEqualTo(testing.tag(number));
            assertThat(read).filteredOn(FeedChange.Key.class::isInstance).hasSize(2);
            assertThat(read).contains(before, made.in(KeyState.ACTIVE, 1));
        }
    }

    private static int[] times(int count, int bytes) {
        int[] all = new int[count];
        Arrays.fill(all, bytes);
        return all;
    }

    /** How many entries came in each piece. */
    private static List<Integer> pieces(FeedSource feed, int limit) {
        long number = feed.head().number();
        long next = 1;
        List<Integer> pieces = new ArrayList<>();
        while (next <= number) {
            List<FeedEntry> piece = feed.entriesFrom(next, limit);
            for (FeedEntry entry : piece) {
                assertThat(entry.number()).isEqualTo(next++);
            }
            assertThat(piece).isNotEmpty();
            pieces.add(piece.size());
        }
        return pieces;
    }

    /** Also where the number is not in the feed: who has it must load anew. */
    @Test
    void withTheHeadComesWhatFollowsANumberAndTheTagOfThatNumber() {
        try (TestingStore testing = new TestingStore(path)) {
            fill(testing, times(20, 100));
            FeedSource feed = testing.store().feed();
            long head = feed.head().number();
            for (long number = 1; number <= head; number++) {
                FeedSource.Next next = feed.after(number);

                assertThat(next.head().number()).isEqualTo(head);
                assertThat(next.head().tag()).isEqualTo(testing.tag(head));
                assertThat(next.tag()).isEqualTo(testing.tag(number));
                assertThat(next.entries())
                        .isEqualTo(number == head ? List.of() : feed.entriesFrom(number + 1, 8))
                        .hasSize((int) Math.min(8, head - number));
            }
            assertThat(feed.after(head + 1).tag()).isNull();
            assertThat(feed.after(head + 1).entries()).isEmpty();
            testing.byHand("DELETE FROM feed_entries WHERE seq < " + head);
            assertThat(feed.after(head - 1).tag()).isNull();
        }
    }

    @Test
    void manySmallEntriesAreOnePiece() {
        try (TestingStore testing = new TestingStore(path)) {
            fill(testing, times(500, 100));
            int all = (int) testing.store().feed().head().number();
            assertThat(pieces(testing.store().feed(), MANY)).containsExactly(all);
            assertThat(pieces(testing.store().feed(), 300)).containsExactly(300, all - 300);
        }
    }

    @Test
    void largeEntriesComeInPiecesOfEightMebibytesAndOneEntryAtMost() {
        int large = 300_000;
        try (TestingStore testing = new TestingStore(path)) {
            fill(testing, times(80, large));
            for (int limit : List.of(MANY, 100)) {
                assertThat(pieces(testing.store().feed(), limit))
                        .hasSizeGreaterThan(2)
                        .allSatisfy(count -> assertThat((count - 1) * large).isLessThanOrEqualTo(8 << 20));
            }
        }
    }
}
