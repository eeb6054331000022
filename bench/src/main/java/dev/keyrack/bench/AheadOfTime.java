package dev.keyrack.bench;

import java.nio.file.Path;
import java.util.List;

/** The ahead-of-time caches that the start script makes: one for gates, one for everything else. */
public final class AheadOfTime {
    private AheadOfTime() {}

    /** Where the cache for this task of the program is, once it was made. */
    public static Path cache(String task) {
        return KeyrackProcess.ROOT.resolve(".keyrack").resolve(task.equals("gate") ? "gate.aot" : "keyrack.aot");
    }

    /** What tells the Java virtual machine to use it, as the start script does. */
    public static List<String> flags(Path cache) {
        return List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off");
    }
}
