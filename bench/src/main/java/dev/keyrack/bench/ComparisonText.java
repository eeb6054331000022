package dev.keyrack.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** A {@link Comparison} for the eye. */
final class ComparisonText {
    private final Comparison comparison;
    private final PrintWriter out;

    ComparisonText(Comparison comparison, PrintWriter out) {
        this.comparison = comparison;
        this.out = out;
    }

    void print() {
        out.printf(
                "%n%-10s %-10s %12s %9s %9s %9s %9s %8s %8s %10s%n",
                "endpoint",
                "contender",
                "requests/s",
                "p50 µs",
                "p99 µs",
                "p99.9 µs",
                "÷ no-op",
                "CPU µs",
                "server",
                "generator");
        boolean bound = false;
        for (Endpoint endpoint : Endpoint.values()) {
            for (String contender : List.of(Comparison.KEYRACK, Comparison.NO_OP, Comparison.NGINX)) {
                bound |= row(endpoint, contender);
            }
        }
        out.println();
        out.println("Medians of all rounds. ÷ no-op: median of the ratios of requests/s within each round.");
        out.println(
                "CPU µs: processor time of the server for one request. Server, generator: share of a core they used.");
        out.println("A closed loop: a connection asks again when it was answered.");
        if (bound) {
            out.println("* rounds in which the load generator was the limit: the server can do more than this figure.");
        }
        if (comparison.disturbed() > 0) {
            out.printf(
                    "%d of %d turns were disturbed: neither server nor generator got its core. Measure again, alone.%n",
                    comparison.disturbed(), comparison.rounds().size());
        }
        out.println();
        comparison.targets().forEach(this::target);
        out.flush();
    }

    /** Prints a line, if this contender took part; returns whether the generator was the limit in any of its rounds. */
    private boolean row(Endpoint endpoint, String contender) {
        if (comparison.of(contender, endpoint).isEmpty()) {
            return false;
        }
        long bound = comparison.generatorBound(contender, endpoint);
        out.printf(
                Locale.ROOT,
                "%-10s %-10s %,12.0f %9.0f %9.0f %9.0f %9s %8.2f %7.0f%% %9.0f%%%s%n",
                endpoint.text(),
                contender,
                figure(endpoint, contender, Round::perSecond),
                figure(endpoint, contender, Round::p50),
                figure(endpoint, contender, Round::p99),
                figure(endpoint, contender, Round::p999),
                text(comparison.ratio(contender, Comparison.NO_OP, endpoint)),
                figure(endpoint, contender, Round::serverMicros),
                100 * figure(endpoint, contender, Round::serverBusy),
                100 * figure(endpoint, contender, Round::generatorBusy),
                bound == 0
                        ? ""
                        : "  * %d of %d"
                                .formatted(
                                        bound,
                                        comparison.of(contender, endpoint).size()));
        return bound > 0;
    }

    private void target(Comparison.Target target) {
        OptionalDouble ratio = comparison.ratio(Comparison.KEYRACK, target.beside(), target.endpoint());
        boolean doubtful = comparison.generatorBound(Comparison.KEYRACK, target.endpoint()) > 0
                || comparison.generatorBound(target.beside(), target.endpoint()) > 0;
        out.printf(
                Locale.ROOT,
                "target: %s at least %.2f of %s: %s%s%n",
                target.endpoint().text(),
                target.ratio(),
                target.beside(),
                ratio.isEmpty()
                        ? "not measured"
                        : (ratio.getAsDouble() >= target.ratio() ? "met" : "NOT met") + " (" + text(ratio) + ")",
                ratio.isPresent() && doubtful ? ", with rounds in which the generator was the limit" : "");
    }

    private double figure(Endpoint endpoint, String contender, ToDoubleFunction<Round> figure) {
        return comparison.median(contender, endpoint, figure).orElse(Double.NaN);
    }

    private static String text(OptionalDouble ratio) {
        return ratio.isEmpty() ? "–" : String.format(Locale.ROOT, "%.3f", ratio.getAsDouble());
    }
}
