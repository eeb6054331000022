package dev.keyrack.server.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: only a code that Keyrack put into a page of its own excuses a session, for its key, its kind and its time. */
class PageCodesTest {
    private static final KeyId KEY = new KeyId("AAAAAAAAAAA");
    private static final Place OWN = new Place("https://keys.example.com", true, "192.0.2.1");
    private static final long HOUR = Duration.ofHours(1).toNanos() / 1_000;

    private static void expired(ThrowingCallable reading) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem()).isEqualTo(new Problem.Visiting(VisitorCode.PAGE_EXPIRED)));
    }

    @Test
    void codeExcusesOnKeyracksOwnPagesAndNoOther(@TempDir Path path) {
        AtomicLong now = new AtomicLong(1_000_000);
        try (DataFolder folder = DataFolder.take(path).orElseThrow();
                TestingDatabase database = TestingDatabase.fresh(path)) {
            Database.Opened opened = database.open(folder, InstantSource.system());
            opened.store().close();
            PageCodes codes = new PageCodes(opened.keyset(), now::get);
            String preview = codes.preview(KEY.value(), "mem_1");
            String hosted = codes.hosted(KEY.value());
            assertThat(codes.read(Secret.of(preview), OWN)).contains(new PageCodes.Page(KEY, Excused.PREVIEW));
            assertThat(codes.read(Secret.of(hosted), OWN)).contains(new PageCodes.Page(KEY, Excused.HOSTED));
            for (String forged : new String[] {
                "",
                hosted.replace("hosted", "preview"),
                preview.replace("mem_1", "mem_2"),
                preview.replace(KEY.value(), "BBBBBBBBBBB"),
                preview.replaceFirst("\\.[0-9]+\\.", ".9999999999999999."),
                preview + "x",
                preview.substring(0, preview.length() - 1)
            }) {
                assertThat(codes.read(Secret.of(forged), OWN)).as(forged).isEmpty();
            }
            assertThat(codes.read(Secret.of(preview), new Place("https://example.com", false, "192.0.2.1")))
                    .isEmpty();
            now.addAndGet(HOUR);
            expired(() -> codes.read(Secret.of(preview), OWN));
            assertThat(codes.read(Secret.of(preview + "x"), OWN))
                    .as("never was one")
                    .isEmpty();
            assertThat(codes.read(Secret.of(hosted), OWN)).isPresent();
            now.addAndGet(23 * HOUR);
            expired(() -> codes.read(Secret.of(hosted), OWN));
        }
    }
}
