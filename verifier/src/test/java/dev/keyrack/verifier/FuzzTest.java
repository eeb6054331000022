package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.verifier.VerdictVectors.Group;
import dev.keyrack.verifier.VerdictVectors.Vector;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise: whatever a caller sends, it is read as a second implementation reads it, and nothing throws.
 *
 * <p>Jazzer seeks inputs that reach code which no input has reached yet, in a process of its own that it instruments. It
 * begins with the texts of the vectors in {@code contract/}. {@code -Dkeyrack.fuzz} says how many inputs each kind of text
 * gets; {@code ./keyrack fuzz} tries more than a million.
 */
class FuzzTest {
    private static final int INPUTS = Integer.getInteger("keyrack.fuzz", 20_000);
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");
    private static final Pattern COVERED = Pattern.compile("cov: (\\d+)");
    private static final Pattern KEPT = Pattern.compile("Test unit written to (\\S+)");

    @ParameterizedTest
    @ValueSource(strings = {"Token", "Origin", "Networks", "Permission"})
    void bothImplementationsReadEveryInputAlike(String target) throws Exception {
        Path folder = Files.createTempDirectory("keyrack-fuzz-" + target);
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        int seeds = 0;
        for (String seed : seeds(target)) {
            Files.writeString(corpus.resolve("seed-" + seeds++), seed);
        }
        Path log = folder.resolve("log");
        int exit = new ProcessBuilder(command(target, folder, corpus))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        assertThat(exit).as(() -> finding(target, said)).isZero();
        Matcher done = DONE.matcher(said);
        assertThat(done.find()).as(said).isTrue();
        int covered = COVERED.matcher(said)
                .results()
                .mapToInt(result -> Integer.parseInt(result.group(1)))
                .max()
                .orElse(0);
        // No coverage would mean that it is blind: that it was not told of the code it runs.
        assertThat(covered).as(said).isGreaterThan(50);
        assertThat(Integer.parseInt(done.group(1))).isGreaterThanOrEqualTo(INPUTS);
        System.out.printf(
                "fuzz: %s: %s inputs from %d seeds in %s s, %d branches covered, nothing found%n",
                target, done.group(1), seeds, done.group(2), covered);
        delete(folder);
    }

    private static List<String> command(String target, Path folder, Path corpus) {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dkeyrack.root=" + System.getProperty("keyrack.root"),
                "-cp",
                classes,
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=dev.keyrack.verifier.FuzzTargets$" + target,
                "--instrumentation_includes=dev.keyrack.verifier.**",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + File.separator,
                "-runs=" + INPUTS,
                "-max_len=400",
                "-timeout=20",
                corpus.toString());
    }

    /** Says what was found, and how to see it again. */
    private static String finding(String target, String said) {
        int begin = Math.max(0, said.indexOf("== Java Exception"));
        Matcher kept = KEPT.matcher(said);
        String again = kept.find()
                ? "\nThe input is kept in " + kept.group(1) + "; hand its bytes to FuzzTargets." + target
                        + ".fuzzerTestOneInput to see it again."
                : "";
        return "fuzz: " + target + ": " + said.substring(begin, Math.min(said.length(), begin + 3_000)) + again;
    }

    private static Set<String> seeds(String target) throws Exception {
        Set<String> seeds = new LinkedHashSet<>();
        switch (target) {
            case "Token" -> {
                TokenVectorsTest.valid().forEach(vector -> seeds.add(vector.token()));
                TokenVectorsTest.malformed().forEach(vector -> seeds.add(vector.token()));
            }
            case "Origin" -> asked().forEach(vector -> seeds.addAll(vector.origins()));
            case "Networks" ->
                asked().forEach(vector -> seeds.add(networks(vector) + String.valueOf(vector.text("ip"))));
            case "Permission" ->
                asked().forEach(vector ->
                        seeds.add(vector.text("permission") + "\n" + String.join("\n", granted(vector))));
            default -> throw new IllegalArgumentException(target);
        }
        return seeds;
    }

    private static Stream<Vector> asked() {
        return VerdictVectors.groups().stream().map(Group::vectors).flatMap(List::stream);
    }

    private static String networks(Vector vector) {
        StringBuilder lines = new StringBuilder();
        vector.key()
                .change()
                .restrictions()
                .networks()
                .ifPresent(networks ->
                        networks.forEach(network -> lines.append(network.text()).append('\n')));
        return lines.toString();
    }

    private static List<String> granted(Vector vector) {
        List<String> permissions = vector.key().change().permissions();
        return permissions == null ? List.of() : permissions;
    }

    private static void delete(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : new ArrayList<>(files.toList()).reversed()) {
                Files.delete(file);
            }
        }
    }
}
