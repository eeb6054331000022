package dev.keyrack.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: ./keyrack says what it can do and what it lacks, and builds only when something changed. */
class ScriptTest {
    private static final Path SCRIPT = Path.of(System.getProperty("keyrack.root"), "keyrack");

    @TempDir
    Path folder;

    private Path root;
    private Path tools;

    private record Result(int status, String out, String err) {}

    /** A tree that looks like the real one to the script, on a machine that has Node, but neither JDK nor Maven. */
    @BeforeEach
    void copyTheScript() throws Exception {
        root = Files.createDirectories(folder.resolve("tree"));
        tools = Files.createDirectories(folder.resolve("bin"));
        String script = Files.readString(SCRIPT);
        String elsewhere = script.replaceAll("(?<=[ \\t])/(usr|opt|Library)/", folder + "/system/$1/");
        assertThat(elsewhere).contains(folder + "/system/usr/lib/jvm/*");
        executable(root.resolve("keyrack"), elsewhere);
        for (String module : List.of("verifier", "gate", "server")) {
            Files.createDirectories(root.resolve(module + "/src/main/java"));
            Files.writeString(root.resolve(module + "/pom.xml"), "");
            Files.writeString(root.resolve(module + "/src/main/java/A.java"), "");
        }
        Files.createDirectories(root.resolve("browser/assistant"));
        Files.writeString(root.resolve("browser/assistant/loader.ts"), "");
        Files.createDirectories(root.resolve("browser/portal"));
        Files.writeString(root.resolve("browser/portal/portal.ts"), "");
        Files.createDirectories(root.resolve("contract"));
        Files.writeString(root.resolve("pom.xml"), "");
        for (String tool : List.of(
                "bash",
                "env",
                "sed",
                "head",
                "sort",
                "find",
                "readlink",
                "dirname",
                "cat",
                "mkdir",
                "mktemp",
                "mv",
                "rm",
                "touch",
                "id")) {
            for (String place : List.of("/usr/bin", "/bin")) {
                if (Files.exists(Path.of(place, tool))) {
                    executable(tools.resolve(tool), "#!/bin/sh\nexec " + place + "/" + tool + " \"$@\"\n");
                }
            }
        }
        node("v20.0.0");
        executable(tools.resolve("npm"), "#!/usr/bin/env bash\n");
    }

    private void node(String version) throws Exception {
        executable(tools.resolve("node"), "#!/usr/bin/env bash\necho " + version + "\n");
    }

    private static void executable(Path file, String content) throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A JDK of this version: its java prints what it was asked, and makes the cache that it is told to make. */
    private void jdk(Path home, String version) throws Exception {
        executable(home.resolve("bin/java"), """
                #!/usr/bin/env bash
                for flag in "$@"; do case "$flag" in -XX:AOTCacheOutput=*) touch "${flag#*=}" ;; esac; done
                echo "java $*"
                """);
        executable(home.resolve("bin/javac"), "#!/usr/bin/env bash\n");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    private void maven(String version) throws Exception {
        executable(tools.resolve("mvn"), """
                #!/usr/bin/env bash
                if [ "$1" = --version ]; then echo "Apache Maven %s (abc)"; exit; fi
                echo "$*" >>'%s'
                mkdir -p server/target && touch server/target/keyrack-server-0.1.0.jar
                """.formatted(version, folder.resolve("builds")));
    }

    private int builds() throws Exception {
        Path log = folder.resolve("builds");
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    private Result run(String... arguments) throws Exception {
        return run(tools.toString(), null, arguments);
    }

    private Result run(String path, Path javaHome, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(root.resolve("keyrack").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().put("HOME", folder.resolve("user").toString());
        if (javaHome != null) {
            builder.environment().put("JAVA_HOME", javaHome.toString());
        }
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(
                process.exitValue(), Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
    }

    @Test
    void helpListsEveryTaskThatThereIs() throws Exception {
        String script = Files.readString(SCRIPT);
        String cases = script.substring(script.indexOf("case \"${1:-help}\" in"));
        Set<String> tasks = Pattern.compile("^  ([a-z|* -]+)\\)", Pattern.MULTILINE)
                .matcher(cases)
                .results()
                .flatMap(label -> Pattern.compile(" *\\| *").splitAsStream(label.group(1)))
                .filter(task -> !Set.of("help", "-h", "--help", "*").contains(task))
                .collect(Collectors.toCollection(TreeSet::new));
        Result help = run("help");
        assertThat(help.status()).isZero();
        Set<String> listed = Pattern.compile("^  ([a-z-]+)(?= )", Pattern.MULTILINE)
                .matcher(help.out())
                .results()
                .map(line -> line.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(tasks)
                .contains("start", "demo", "test", "chaos", "bench", "--version")
                .isEqualTo(listed);
        assertThat(run().out()).isEqualTo(help.out());
        Result unknown = run("frobnicate");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("frobnicate", "./keyrack help");
    }

    @Test
    void missingJdkIsToldWithWhatToInstall() throws Exception {
        maven("3.9.9");
        jdk(folder.resolve("jdk17"), "17.0.12");
        for (Result result : List.of(
                run("start"),
                run(folder.resolve("jdk17/bin") + ":" + tools, folder.resolve("jdk17"), "start"),
                run("build"),
                run("--version"))) {
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err()).contains("needs a JDK 25", "Install", "JAVA_HOME");
        }
        assertThat(builds()).isZero();
    }

    @Test
    void missingOrOldMavenIsToldWithWhatToInstall() throws Exception {
        jdk(folder.resolve("jdk17"), "17.0.12");
        jdk(folder.resolve("system/usr/lib/jvm/some-25"), "25.0.1");
        Result missing = run(folder.resolve("jdk17/bin") + ":" + tools, folder.resolve("jdk17"), "start");
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).contains("Maven 3.8.7 or newer", "no mvn in PATH", "Install");
        maven("3.6.3");
        Result old = run("build");
        assertThat(old.status()).isEqualTo(2);
        assertThat(old.err()).contains("Maven 3.8.7 or newer", "3.6.3");
        assertThat(builds()).isZero();
        maven("3.8.7");
        assertThat(run("build").status()).isZero();
    }

    @Test
    void missingOrOldNodeIsToldWithWhatToInstall() throws Exception {
        maven("3.9.9");
        jdk(folder.resolve("user/.jdks/temurin-25"), "25");
        node("v18.20.8");
        Result old = run("start");
        assertThat(old.status()).isEqualTo(2);
        assertThat(old.err()).contains("Node 20 or newer", "v18.20.8", "Install");
        for (String missing : List.of("npm", "node")) {
            Files.delete(tools.resolve(missing));
            Result result = run("build");
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err()).contains("Node 20 or newer", "no " + missing + " in PATH", "Install");
        }
        assertThat(builds()).isZero();
    }

    @Test
    void startBuildsWhatChangedAndNothingElse() throws Exception {
        maven("3.9.9");
        jdk(folder.resolve("user/.jdks/temurin-25"), "25");
        Result first = run("start");
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out()).contains("-XX:AOTCache=", " serve");
        assertThat(builds()).isEqualTo(1);
        assertThat(run("start").out()).isEqualTo(first.out());
        assertThat(builds()).as("a second start builds nothing").isEqualTo(1);

        Files.setLastModifiedTime(
                root.resolve("gate/src/main/java/A.java"),
                FileTime.from(Instant.now().plusSeconds(1)));
        assertThat(run("serve", "--help").out()).contains("serve --help");
        assertThat(builds()).as("serve builds nothing").isEqualTo(1);
        run("start");
        assertThat(builds()).as("a changed file is built").isEqualTo(2);

        Files.setLastModifiedTime(root.resolve("gate/src/main/java/A.java"), FileTime.from(Instant.EPOCH));
        run("start");
        assertThat(builds()).isEqualTo(2);
        Files.delete(root.resolve("server/src/main/java/A.java"));
        run("start");
        assertThat(builds()).as("a deleted file is noticed").isEqualTo(3);

        Path script = root.resolve("browser/portal/portal.ts");
        Files.setLastModifiedTime(script, FileTime.from(Instant.now().plusSeconds(1)));
        run("start");
        assertThat(builds()).as("so is a changed script of the portal").isEqualTo(4);
        Files.setLastModifiedTime(script, FileTime.from(Instant.EPOCH));
        Path component = root.resolve("browser/assistant/loader.ts");
        Files.setLastModifiedTime(component, FileTime.from(Instant.now().plusSeconds(1)));
        run("start");
        assertThat(builds()).as("and one of the web component").isEqualTo(5);
    }

    @Test
    void gateHasACacheOfItsOwnAndBuildsNothing() throws Exception {
        maven("3.9.9");
        jdk(folder.resolve("user/.jdks/temurin-25"), "25");
        assertThat(run("start").out()).contains("-XX:AOTCache=" + root.resolve(".keyrack/keyrack.aot"));
        Files.setLastModifiedTime(
                root.resolve("gate/src/main/java/A.java"),
                FileTime.from(Instant.now().plusSeconds(1)));
        Result gate = run("gate", "--help");
        assertThat(gate.out()).contains("-XX:AOTCache=" + root.resolve(".keyrack/gate.aot"), " gate --help");
        assertThat(builds()).isEqualTo(1);
        assertThat(run("serve").out()).contains("keyrack.aot").doesNotContain("gate.aot");
    }
}
