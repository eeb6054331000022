package dev.keyrack.server.app;

import dev.keyrack.gate.Gate;
import dev.keyrack.server.store.Database;
import dev.keyrack.verifier.Fault;
import dev.keyrack.verifier.Replica;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is printed when the program has started, or could not listen. */
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
        trust(gate, lines);
        if (!database.warnings().isEmpty()) {
            lines.add("");
            database.warnings().forEach(warning -> lines.add("  Warning: " + warning));
        }
        fault(lines);
        if (database.created()) {
            lines.add("");
            backUp(database).forEach(line -> lines.add("  " + line));
        }
        controlPlane.welcome().ifPresent(link -> {
            lines.add("");
            lines.add("  Nobody is set up yet. Open this link, which works once, until the next start:");
            lines.add("    " + link.reveal());
            lines.add("  or, in another terminal, in this folder:");
            lines.add("    ./keyrack setup --organization acme --email you@example.com");
        });
        return lines;
    }

    static List<String> ofGate(GateOnlySettings settings, String version, Replica replica, Gate gate) {
        List<String> lines = new ArrayList<>();
        lines.add("Keyrack " + version + " is verifying.");
        lines.add("");
        lines.add("  Data plane     " + url(settings.gate().host(), gate.port()) + "  (verify, authorize, introspect)");
        lines.add("  Keys from      " + settings.database()
                + (replica.loaded() ? "  (" + replica.size() + " keys)" : "  (out of reach; trying again)"));
        trust(gate, lines);
        fault(lines);
        return lines;
    }

    /** Tests plant faults; nobody may come upon one without being told. */
    private static void fault(List<String> lines) {
        Fault.inThisProcess()
                .ifPresent(fault -> lines.addAll(List.of(
                        "",
                        "  Warning: the fault " + fault.text() + " is planted in this process by -Dkeyrack.fault."
                                + " It is for tests only: what Keyrack guarantees does not hold.")));
    }

    private static void trust(Gate gate, List<String> lines) {
        boolean first = true;
        for (String trusted : gate.trust()) {
            lines.add((first ? "  Trust          " : "                 ") + trusted);
            first = false;
        }
    }

    static String cannotListen(String host, int port, boolean inUse, String setting) {
        return inUse
                ? "Port " + port + " on " + host
                        + " is in use by another program. Stop that one, or choose another port in " + setting + "."
                : "Cannot listen on " + host + " port " + port + ". Check " + setting.replace("PORT", "HOST") + " and "
                        + setting + ".";
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
