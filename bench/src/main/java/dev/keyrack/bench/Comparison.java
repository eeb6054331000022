package dev.keyrack.bench;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** All rounds of one run, and what they say of one contender beside another. */
record Comparison(List<Round> rounds, List<Target> targets) {
    static final String KEYRACK = "keyrack";
    static final String NO_OP = "no-op";
    static final String NGINX = "nginx map";

    Comparison {
        rounds = List.copyOf(rounds);
        targets = List.copyOf(targets);
    }

    /** What is to be reached: a share of the requests per second of another contender. */
    record Target(Endpoint endpoint, String beside, double ratio) {}

    private static final List<Target> TARGETS = List.of(
            new Target(Endpoint.VERIFY, NO_OP, 0.75),
            new Target(Endpoint.AUTHORIZE, NO_OP, 0.85),
            new Target(Endpoint.AUTHORIZE, NGINX, 0.6));

    /** How much of each target is to be reached where every key has a policy. */
    private static final double WITH_POLICIES = 0.95;

    /** @param restricted whether every key had a policy */
    static Comparison of(List<Round> rounds, boolean restricted) {
        double share = restricted ? WITH_POLICIES : 1;
        return new Comparison(
                rounds,
                TARGETS.stream()
                        .map(target -> new Target(target.endpoint(), target.beside(), target.ratio() * share))
                        .toList());
    }

    List<Round> of(String contender, Endpoint endpoint) {
        return rounds.stream()
                .filter(round -> round.contender().equals(contender) && round.endpoint() == endpoint)
                .toList();
    }

    /** The median over the rounds of this contender; nothing if it did not take part. */
    OptionalDouble median(String contender, Endpoint endpoint, ToDoubleFunction<Round> figure) {
        List<Round> own = of(contender, endpoint);
        return own.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Medians.median(own.stream().mapToDouble(figure)));
    }

    /** The median of the ratios of requests per second, each within one round. */
    OptionalDouble ratio(String contender, String beside, Endpoint endpoint) {
        double[] ratios = of(contender, endpoint).stream()
                .flatMap(own -> inRound(beside, endpoint, own.number()).stream()
                        .map(other -> own.perSecond() / other.perSecond()))
                .mapToDouble(Double::doubleValue)
                .toArray();
        return ratios.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Medians.median(java.util.Arrays.stream(ratios)));
    }

    long generatorBound(String contender, Endpoint endpoint) {
        return of(contender, endpoint).stream().filter(Round::generatorBound).count();
    }

    long disturbed() {
        return rounds.stream().filter(Round::disturbed).count();
    }

    private Optional<Round> inRound(String contender, Endpoint endpoint, int number) {
        return of(contender, endpoint).stream()
                .filter(round -> round.number() == number)
                .findFirst();
    }
}
