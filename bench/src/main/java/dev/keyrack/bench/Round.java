package dev.keyrack.bench;

/**
 * One contender's turn at one endpoint in one round.
 *
 * @param serverBusy share of the window for which the server used a core: what is missing to 1 was waiting
 */
record Round(
        String contender,
        Endpoint endpoint,
        int number,
        double perSecond,
        double p50,
        double p99,
        double p999,
        double generatorBusy,
        boolean generatorBound,
        double serverBusy) {
    private static final double IDLE = 0.85;

    static Round of(String contender, Endpoint endpoint, int number, LoadResult result, double serverBusy) {
        return new Round(
                contender,
                endpoint,
                number,
                result.perSecond(),
                result.microsAt(50),
                result.microsAt(99),
                result.microsAt(99.9),
                result.generatorBusy(),
                result.generatorBound(),
                serverBusy);
    }

    /** Processor time of the server for one request, in microseconds: what a disturbed round changes least. */
    double serverMicros() {
        return serverBusy / perSecond * 1e6;
    }

    /** Whether neither side could work all the time: something else used the machine. */
    boolean disturbed() {
        return !generatorBound && serverBusy < IDLE;
    }
}
