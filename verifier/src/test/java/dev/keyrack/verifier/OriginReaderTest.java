package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Promise: an origin is read as a browser means it, and what is none is not taken for one. */
class OriginReaderTest {
    @Provide
    Arbitrary<String> nearOrigins() {
        return Sources.nearOrigins();
    }

    @Provide
    Arbitrary<String> origins() {
        return Sources.origins();
    }

    static void agrees(String text) {
        OriginReader reader = new OriginReader();
        Optional<SlowReaders.Origin> expected = SlowReaders.origin(text);
        Optional<SlowReaders.Origin> read = reader.read(text)
                ? Optional.of(
                        new SlowReaders.Origin(reader.https(), reader.hostText(), reader.port(), reader.isAddress()))
                : Optional.empty();
        assertThat(read).as(text).isEqualTo(expected);
    }

    @Property(tries = 30_000)
    void readsWhatTheSecondImplementationReads(@ForAll("nearOrigins") String text) {
        agrees(text);
    }

    @Property
    void noTextMakesItThrow(@ForAll String text) {
        agrees(text);
        agrees("https://" + text);
    }

    /** What is read is read by the JDK as the same scheme, host and port. */
    @Property
    void theJdkReadsTheSame(@ForAll("origins") String text) {
        OriginReader reader = new OriginReader();
        assertThat(reader.read(text)).isTrue();
        URI uri = URI.create(text);
        assertThat(uri.getScheme()).isEqualTo(reader.https() ? "https" : "http");
        assertThat(uri.getRawAuthority().replaceAll(":[0-9]+$", "")).isEqualTo(reader.hostText());
        if (uri.getPort() >= 0) {
            assertThat(uri.getPort()).isEqualTo(reader.port());
        }
    }

    /** One reader reads one after another: nothing of the last may be left. */
    @Property
    void nothingIsLeftOfTheOriginBefore(@ForAll("nearOrigins") String before, @ForAll("nearOrigins") String text) {
        OriginReader fresh = new OriginReader();
        OriginReader used = new OriginReader();
        used.read(before);
        assertThat(used.read(text)).isEqualTo(fresh.read(text));
        if (fresh.read(text)) {
            assertThat(used.hostText()).isEqualTo(fresh.hostText());
            assertThat(used.hostLength()).isEqualTo(fresh.hostLength());
            assertThat(used.port()).isEqualTo(fresh.port());
            assertThat(used.https()).isEqualTo(fresh.https());
            assertThat(used.isAddress()).isEqualTo(fresh.isAddress());
        }
    }

    @Test
    void textOfTwoThousandAndFortyEightCharactersIsLookedAt() {
        // Soft hyphens vanish: the name is short, however long its spelling.
        String name = "https://a.example";
        String longest = name + "\u00ad".repeat(Website.MAX_LENGTH - name.length());
        assertThat(new OriginReader().read(longest)).isTrue();
        assertThat(new OriginReader().read(longest + "\u00ad")).isFalse();
    }

    @Test
    void loneHalfOfACharacterIsNoName() {
        assertThat(new OriginReader().read("https://exam\ud800ple.com")).isFalse();
    }
}
