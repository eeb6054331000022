package dev.keyrack.server.app;

import dev.keyrack.gate.Gate;
import dev.keyrack.server.store.Database;
import dev.keyrack.verifier.Replica;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is printed when the program has started. */
final class StartSummary {
    private StartSummary() {}

    static List<String> of(
            Settings settings, Database.Opened database, Replica replica, Gate gate, ControlPlane controlPlane) {
        List<String> lines = new ArrayList<>();
        String control = url(settings.host(), controlPlane.port());
        lines.add("Keyrack " + controlPlane.version() + " is running.");
        lines.add("");
        lines.add("  Control plane  " + control + "  (management API; documentation at " + control + "/api)");
        lines.add("  Data plane     " + url(settings.gate().host(), gate.port()) + "  (verify, authorize, introspect)");
        lines.add("  Store          " + database.place() + "  (" + replica.size() + " keys)");
        boolean first = true;
        for (String trusted : gate.trust()) {
            lines.add((first ? "  Trust          " : "                 ") + trusted);
            first = false;
        }
        if (!database.warnings().isEmpty()) {
            lines.add("");
            database.warnings().forEach(warning -> lines.add("  Warning: " + warning));
        }
        if (database.created()) {
            lines.add("");
            backUp(database).forEach(line -> lines.add("  " + line));
        }
        if (controlPlane.empty()) {
            lines.add("");
            lines.add("  Nobody is set up yet. In another terminal, in this folder:");
            lines.add("    ./keyrack setup --organization acme --email you@example.com");
        }
        return lines;
    }

    static List<String> backUp(Database.Opened database) {
        Path keyset = database.keysetFile();
        return List.of(
                "Back up these two, apart from each other. Neither is of use without the other:",
                "  " + database.place(),
                "  " + (keyset == null ? "the keyset in KEYRACK_KEYSET" : keyset));
    }

    static String url(String host, int port) {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
