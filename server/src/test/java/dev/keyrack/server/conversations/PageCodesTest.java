package dev.keyrack.server.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: only a code that Keyrack put into a page of its own excuses a session, for its key, its kind and its time. */
class PageCodesTest {
    private static final KeyId KEY = new KeyId("AAAAAAAAAAA");
    private static final Place OWN = new Place("https://keys.example.com", true, "192.0.2.1");
    private static final long HOUR = Duration.ofHours(1).toNanos() / 1_000;

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
            assertThat(codes.excused(Secret.of(preview), KEY, OWN)).isEqualTo(Excused.PREVIEW);
            assertThat(codes.excused(Secret.of(hosted), KEY, OWN)).isEqualTo(Excused.HOSTED);
            for (String forged : new String[] {
                "",
                hosted.replace("hosted", "preview"),
                preview.replace("mem_1", "mem_2"),
                preview.replaceFirst("\\.[0-9]+\\.", ".9999999999999999."),
                preview + "x",
                preview.substring(0, preview.length() - 1)
            }) {
                assertThat(codes.excused(Secret.of(forged), KEY, OWN))
                        .as(forged)
                        .isEqualTo(Excused.NONE);
            }
            assertThat(codes.excused(Secret.of(preview), new KeyId("BBBBBBBBBBB"), OWN))
                    .isEqualTo(Excused.NONE);
            assertThat(codes.excused(Secret.of(preview), KEY, new Place("https://example.com", false, "192.0.2.1")))
                    .isEqualTo(Excused.NONE);
            now.addAndGet(HOUR);
            assertThat(codes.excused(Secret.of(preview), KEY, OWN)).isEqualTo(Excused.NONE);
            assertThat(codes.excused(Secret.of(hosted), KEY, OWN)).isEqualTo(Excused.HOSTED);
            now.addAndGet(23 * HOUR);
            assertThat(codes.excused(Secret.of(hosted), KEY, OWN)).isEqualTo(Excused.NONE);
        }
    }
}
