package dev.keyrack.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What came of a run.
 *
 * @param history the file
 * @param disasters how often each kind came
 * @param missing disasters that the system does not let us make
 */
record Report(
        RandomRun run,
        Path history,
        List<Event> events,
        Map<String, Integer> disasters,
        List<String> missing,
        List<Violation> violations) {
    private static final int SHOWN = 10;

    String text() {
        List<String> lines = new ArrayList<>();
        lines.add("Seed %d, %d s, leases of %.1f s: 2 serve, 3 gate, PostgreSQL"
                .formatted(
                        run.seed(), run.lasts().toSeconds(), run.setup().lease().toMillis() / 1e3));
        lines.add("");
        lines.add("Disasters");
        new TreeMap<>(disasters).forEach((what, count) -> lines.add("  %5d  %s".formatted(count, what)));
        missing.forEach(what -> lines.add("      –  " + what));
        lines.add("");
        lines.add("Changes               ok  refused  unknown   median s    p99 s");
        for (Deed deed : Deed.values()) {
            lines.add(changes(deed));
        }
        lines.add("");
        lines.add("Verifications");
        Map<String, Map<String, Long>> asked = events.stream()
                .filter(Event.Verified.class::isInstance)
                .map(Event.Verified.class::cast)
                .collect(Collectors.groupingBy(
                        Event.Verified::node,
                        TreeMap::new,
                        Collectors.groupingBy(Event.Verified::code, TreeMap::new, Collectors.counting())));
        asked.forEach((node, codes) -> lines.add("  %-8s %s"
                .formatted(
                        node,
                        codes.entrySet().stream()
                                .map(e -> e.getKey() + " " + e.getValue())
                                .collect(Collectors.joining(", ")))));
        lines.add("  sent to a process that stood still, and answered when it went on: " + late());
        lines.add("");
        lines.add("History: " + history);
        lines.add("");
        violations.stream().limit(SHOWN).forEach(violation -> lines.add(violation.text()));
        unshown().forEach(what -> lines.add("Shown is nothing: " + what + "."));
        lines.add(violations.isEmpty() ? "No violation." : "Violations: " + violations.size());
        return String.join(System.lineSeparator(), lines);
    }

    /** What did not happen although it should have: where nothing was harmed, changed or asked, no violation shows nothing. */
    List<String> unshown() {
        List<String> unshown = new ArrayList<>();
        if (disasters.isEmpty()) {
            unshown.add("there was no disaster");
        }
        // The end of an overlap is seldom drawn.
        for (Deed deed : EnumSet.complementOf(EnumSet.of(Deed.END_OVERLAP))) {
            if (count(all(deed), Outcome.OK) == 0) {
                unshown.add("no " + deed.name().toLowerCase(Locale.ROOT) + " was acknowledged");
            }
        }
        for (String code : List.of("VALID", "REVOKED", "DISABLED")) {
            if (events.stream()
                    .noneMatch(event ->
                            event instanceof Event.Verified v && v.code().equals(code))) {
                unshown.add("no verification was answered " + code);
            }
        }
        return List.copyOf(unshown);
    }

    private List<Event.Changed> all(Deed deed) {
        return events.stream()
                .filter(Event.Changed.class::isInstance)
                .map(Event.Changed.class::cast)
                .filter(change -> change.deed() == deed)
                .toList();
    }

    private String changes(Deed deed) {
        List<Event.Changed> all = all(deed);
        double[] seconds = all.stream()
                .filter(change -> change.outcome() == Outcome.OK)
                .mapToDouble(change -> (change.returned() - change.invoked()) / 1e9)
                .sorted()
                .toArray();
        return String.format(
                Locale.ROOT,
                "  %-12s %9d %8d %8d %10.3f %8.3f",
                deed.name().toLowerCase(Locale.ROOT),
                count(all, Outcome.OK),
                count(all, Outcome.REFUSED),
                count(all, Outcome.UNKNOWN),
                quantile(seconds, 0.5),
                quantile(seconds, 0.99));
    }

    private long late() {
        List<Event.Disturbed> frozen = events.stream()
                .filter(Event.Disturbed.class::isInstance)
                .map(Event.Disturbed.class::cast)
                .filter(d -> d.what().contains("frozen"))
                .toList();
        return events.stream()
                .filter(Event.Verified.class::isInstance)
                .map(Event.Verified.class::cast)
                .filter(v -> !v.code().equals(Event.Verified.NOTHING))
                .filter(v -> frozen.stream()
                        .anyMatch(d -> d.nodes().contains(v.node())
                                && d.invoked() < v.invoked()
                                && v.invoked() < d.returned()
                                && d.returned() < v.returned()))
                .count();
    }

    private static long count(List<Event.Changed> all, Outcome outcome) {
        return all.stream().filter(change -> change.outcome() == outcome).count();
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
    }
}
