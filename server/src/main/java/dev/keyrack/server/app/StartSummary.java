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
        String control = "http://" + settings.host() + ":" + controlPlane.port();
        lines.add("Keyrack " + controlPlane.version() + " is running.");
        lines.add("");
        lines.add("  Control plane  " + control + "  (management API; documentation at " + control + "/api)");
        lines.add("  Data plane     http://" + settings.gate().host() + ":" + gate.port()
                + "  (verify, authorize, introspect)");
        lines.add("  Store          " + database.databaseFile().toAbsolutePath().normalize() + "  (" + replica.size()
                + " keys)");
        boolean first = true;
        for (String trusted : gate.trust()) {
            lines.add((first ? "  Trust          " : "                 ") + trusted);
            first = false;
        }
        Path keyset = database.keysetFile();
        if (database.created()) {
            lines.add("");
            lines.add("  Back up these two, apart from each other. Neither is of use without the other:");
            lines.add("    " + database.databaseFile().toAbsolutePath().normalize());
            lines.add("    "
                    + (keyset == null
                            ? "the keyset in KEYRACK_KEYSET"
                            : keyset.toAbsolutePath().normalize()));
        }
        if (controlPlane.empty()) {
            lines.add("");
            lines.add("  Nobody is set up yet. In another terminal, in this folder:");
            lines.add("    ./keyrack setup --organization acme --email you@example.com");
        }
        return lines;
    }
}
