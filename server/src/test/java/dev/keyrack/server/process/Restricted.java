package dev.keyrack.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands that a program is started under, so that it meets what a test cannot make otherwise. Linux only. */
final class Restricted {
    private Restricted() {}

    private static boolean root() {
        return System.getProperty("user.name").equals("root");
    }

    /** Without the superuser's right to read and write everything; files keep their owner. */
    static List<String> asOrdinaryUser() throws Exception {
        return root() ? possible(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all")) : List.of();
    }

    /** With this folder on a small disk of its own, which nobody else sees and which goes with the process. */
    static List<String> withSmallDisk(Path folder, String size) throws Exception {
        return mounted("mount -t tmpfs -o size=" + size + ",mode=700 tmpfs \"$0\" && exec \"$@\"", folder);
    }

    /**
     * Twice, with this folder on a small disk that then grows. The exit status is ten times the first one's and the
     * second one's.
     */
    static List<String> twiceOnAGrowingDisk(Path folder, String size, String laterSize) throws Exception {
        return mounted(
                "mount -t tmpfs -o size=" + size + ",mode=700 tmpfs \"$0\" || exit 99; \"$@\"; first=$?;"
                        + " mount -o remount,size=" + laterSize
                        + " \"$0\" || exit 98; \"$@\"; exit $((first * 10 + $?))",
                folder);
    }

    /** With this folder on a disk that cannot be written. */
    static List<String> withReadOnly(Path folder) throws Exception {
        return mounted("mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\"", folder);
    }

    private static List<String> mounted(String script, Path folder) throws Exception {
        List<String> command = new ArrayList<>(possible(List.of("unshare", root() ? "-m" : "-rm")));
        command.addAll(List.of("sh", "-c", script, folder.toAbsolutePath().toString()));
        return command;
    }

    private static List<String> possible(List<String> command) throws Exception {
        List<String> trial = new ArrayList<>(command);
        trial.add("true");
        boolean works;
        try {
            Process process = new ProcessBuilder(trial).inheritIO().start();
            works = process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (java.io.IOException e) {
            works = false;
        }
        assertThat(works)
                .as("this system has %s, which this test needs", String.join(" ", command))
                .isTrue();
        return command;
    }
}
