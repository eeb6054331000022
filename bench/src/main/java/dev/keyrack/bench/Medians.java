package dev.keyrack.bench;

import java.util.stream.DoubleStream;

/** The middle of several measurements, which one disturbed round does not move. */
final class Medians {
    private Medians() {}

    static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("the median of nothing");
        }
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
