package dev.keyrack.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a node is called, so that people know which one is meant: {@code gate@host-7.1234}, with its process's number. */
public final class NodeName {
    private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");

    private NodeName() {}

    public static String of(Registrar.Kind kind) {
        return kind.text() + "@" + host() + "." + ProcessHandle.current().pid();
    }

    /** The machine's own word for itself: asking the network would take long where it does not answer. */
    private static String host() {
        String name = System.getenv("HOSTNAME");
        try {
            if (Files.isReadable(LINUX)) {
                name = Files.readString(LINUX);
            }
        } catch (IOException e) {
            // The environment's word stands.
        }
        String plain = name == null ? "" : name.strip().replaceAll("[^A-Za-z0-9.-]", "-");
        return plain.isEmpty() ? "unnamed" : plain.substring(0, Math.min(plain.length(), 63));
    }
}
