package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.ObjectMapper;

/** Promise: this implementation spells tokens as every other one does, by the vectors in {@code contract/}. */
class TokenVectorsTest {
    record Valid(String token, String brand, String tag, String id, String digest) {}

    record Malformed(String token, String why) {}

    record Vectors(String description, List<Valid> valid, List<Malformed> malformed) {}

    static Vectors vectors() throws Exception {
        Path root = Path.of(System.getProperty("keyrack.root"));
        return new ObjectMapper().readValue(Files.readString(root.resolve("contract/tokens.json")), Vectors.class);
    }

    static Stream<Valid> valid() throws Exception {
        return vectors().valid().stream();
    }

    static Stream<Malformed> malformed() throws Exception {
        return vectors().malformed().stream();
    }

    @Test
    void thereAreVectorsOfEveryTypeAndLength() throws Exception {
        Vectors vectors = vectors();
        assertThat(vectors.malformed()).hasSizeGreaterThanOrEqualTo(120);
        assertThat(vectors.valid()).hasSizeGreaterThanOrEqualTo(30);
        assertThat(vectors.valid()).extracting(Valid::tag).contains("web", "mob", "ana", "srv", "pat");
        assertThat(vectors.valid()).extracting(v -> v.brand().length()).contains(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void validTokenIsReadAsItsParts(Valid vector) {
        TokenFormat.Parsed parsed = TokenFormat.parse(vector.token()).orElseThrow();
        assertThat(parsed.brand()).isEqualTo(vector.brand());
        assertThat(parsed.tag()).isEqualTo(vector.tag());
        assertThat(parsed.id()).isEqualTo(new KeyId(vector.id()));
        assertThat(parsed.digest().text()).isEqualTo(vector.digest());
        assertThat(parsed.digest()).isEqualTo(Digest.parse(vector.digest()));
    }

    @ParameterizedTest
    @MethodSource("valid")
    void verifierLooksUpWhatParsesAndNothingElse(Valid vector) {
        assertThat(TestingFeed.of().ask(vector.token()).code()).isEqualTo(Code.UNKNOWN);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedTextIsNoToken(Malformed vector) {
        assertThat(TokenFormat.parse(vector.token())).as(vector.why()).isEmpty();
        assertThat(TestingFeed.of().ask(vector.token()).code()).as(vector.why()).isEqualTo(Code.MALFORMED);
    }
}
