package dev.keyrack.server.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How people tell the nodes of an installation apart: the machine's name and the port. */
final class NodeName {
    private static final Path OWN_NAME = Path.of("/proc/sys/kernel/hostname");

    private NodeName() {}

    /** Asks nobody: a name server that is slow or gone must not hold up the start. */
    static String here(int port) {
        return machine() + ":" + port;
    }

    private static String machine() {
        try {
            return Files.readString(OWN_NAME).strip();
        } catch (IOException e) {
            // Not on Linux, or it is hidden from us.
            return System.getenv().getOrDefault("HOSTNAME", "unnamed");
        }
    }
}
