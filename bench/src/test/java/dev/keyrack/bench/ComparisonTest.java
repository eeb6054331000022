package dev.keyrack.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Defends: ratios compare what was measured side by side, and doubtful rounds are marked. */
class ComparisonTest {

    @Test
    void aRatioIsTheMedianOfTheRatiosWithinEachRound() {
        // The second round was disturbed for both, the third for one of them.
        Comparison comparison = Comparison.of(
                List.of(
                        round(Comparison.KEYRACK, 1, 80, false),
                        round(Comparison.NO_OP, 1, 100, false),
                        round(Comparison.KEYRACK, 2, 9, false),
                        round(Comparison.NO_OP, 2, 10, false),
                        round(Comparison.KEYRACK, 3, 1, false),
                        round(Comparison.NO_OP, 3, 100, false)),
                false);

        assertThat(comparison.ratio(Comparison.KEYRACK, Comparison.NO_OP, Endpoint.VERIFY))
                .hasValue(0.8);
        assertThat(comparison.median(Comparison.KEYRACK, Endpoint.VERIFY, Round::perSecond))
                .hasValue(9);
        assertThat(comparison.ratio(Comparison.KEYRACK, Comparison.NGINX, Endpoint.VERIFY))
                .isEmpty();
    }

    @Test
    void roundsInWhichTheGeneratorWasTheLimitAreMarked() {
        String text = print(Comparison.of(
                List.of(round(Comparison.KEYRACK, 1, 80, false), round(Comparison.NO_OP, 1, 100, true)), false));

        assertThat(text).contains("* 1 of 1").contains("met (0.800), with rounds in which the generator was the limit");
    }

    @Test
    void aMissedTargetAndOneThatWasNotMeasuredAreSaid() {
        String text = print(Comparison.of(
                List.of(round(Comparison.KEYRACK, 1, 74, false), round(Comparison.NO_OP, 1, 100, false)), false));

        assertThat(text)
                .contains("verify at least 0.75 of no-op: NOT met (0.740)")
                .contains("authorize at least 0.60 of nginx map: not measured")
                .doesNotContain("*");
    }

    @Test
    void withAPolicyOnEveryKeyTheSameIsToBeReachedWithinFivePercent() {
        List<Round> rounds = List.of(round(Comparison.KEYRACK, 1, 74, false), round(Comparison.NO_OP, 1, 100, false));

        assertThat(print(Comparison.of(rounds, true))).contains("verify at least 0.71 of no-op: met (0.740)");
    }

    @Test
    void turnsInWhichSomethingElseUsedTheMachineAreSaid() {
        Round alone = round(Comparison.KEYRACK, 1, 80, false);
        Round disturbed = new Round(Comparison.NO_OP, Endpoint.VERIFY, 1, 100, 1, 2, 3, 0.4, false, 0.5);

        assertThat(print(Comparison.of(List.of(alone, disturbed), false))).contains("1 of 2 turns were disturbed");
        assertThat(print(Comparison.of(List.of(alone), false))).doesNotContain("disturbed");
    }

    @Test
    void theFileHoldsEveryRoundAndIsJson(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("figures.json");
        Comparison comparison = Comparison.of(
                List.of(round(Comparison.KEYRACK, 1, 74, false), round(Comparison.NO_OP, 1, 100, true)), false);
        ComparisonJson.write(file, new Machine("\"quoted\"", 2, "jdk", "kernel", Instant.EPOCH), "set", comparison);

        int rounds = 0;
        try (JsonParser json = new JsonFactory().createParser(Files.readString(file))) {
            while (json.nextToken() != null) {
                rounds += "generatorBound".equals(json.currentName()) ? 1 : 0;
            }
        }
        // Each name is seen twice: at the name, and at the value.
        assertThat(rounds).isEqualTo(4);
    }

    private static String print(Comparison comparison) {
        StringWriter text = new StringWriter();
        new ComparisonText(comparison, new PrintWriter(text)).print();
        return text.toString();
    }

    private static Round round(String contender, int number, double perSecond, boolean bound) {
        return new Round(contender, Endpoint.VERIFY, number, perSecond, 1, 2, 3, bound ? 0.95 : 0.5, bound, 1);
    }
}
