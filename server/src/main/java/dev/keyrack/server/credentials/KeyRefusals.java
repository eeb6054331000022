package dev.keyrack.server.credentials;

import dev.keyrack.gate.Refusals;
import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.App;
import dev.keyrack.verifier.Check;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why keys were refused, and whether they would be: for those who may see them. */
public final class KeyRefusals {

    private static final int MOST_EXPLAINED = 50;

    private final Store store;
    private final Credentials credentials;
    private final KeyRefusalsSql sql = new KeyRefusalsSql();

    public KeyRefusals(Store store, Credentials credentials) {
        this.store = store;
        this.credentials = credentials;
    }

    /**
     * What gates counted of a week.
     *
     * @param groups by rule and value, the latest first
     */
    record Report(List<Explained> groups, List<KeyRefusalsSql.Hour> hours) {}

    /**
     * @param now how the value fares with the key as it is now; nothing where the rule has no value, it was not kept, or there are
     *     many newer ones
     */
    record Explained(KeyRefusalsSql.Group group, Optional<Check> now) {}

    Report report(Caller caller, String id) {
        Simulation simulation = credentials.simulation(caller, id);
        long after = weekBefore(caller);
        return store.read(tx ->
                new Report(explained(simulation, sql.groups(tx, id, after), caller.at()), sql.hours(tx, id, after)));
    }

    /**
     * How often a key was refused within a week.
     *
     * @param lastAt when that was last; nothing where it was not
     */
    record Refused(long count, @Nullable Long lastAt) {}

    Refused refused(Caller caller, String id) {
        credentials.requireDiagnosis(caller, id);
        List<KeyRefusalsSql.Group> groups = store.read(tx -> sql.groups(tx, id, weekBefore(caller))).stream()
                .filter(group -> !group.observed())
                .toList();
        return new Refused(
                groups.stream().mapToLong(KeyRefusalsSql.Group::count).sum(),
                groups.stream()
                        .map(KeyRefusalsSql.Group::lastAt)
                        .max(Long::compare)
                        .orElse(null));
    }

    private static long weekBefore(Caller caller) {
        return caller.at() - RefusalRetention.KEPT_MICROS;
    }

    /** The latest are explained: comparing values with long lists takes its time. */
    private static List<Explained> explained(Simulation simulation, List<KeyRefusalsSql.Group> groups, long at) {
        List<Explained> all = new ArrayList<>();
        for (KeyRefusalsSql.Group group : groups) {
            all.add(new Explained(
                    group, all.size() < MOST_EXPLAINED ? explained(simulation, group, at) : Optional.empty()));
        }
        return all;
    }

    private static Optional<Check> explained(Simulation simulation, KeyRefusalsSql.Group group, long at) {
        Code code = group.code();
        if (group.value().equals(Refusals.FURTHER)) {
            return Optional.empty();
        }
        String value = group.value().isEmpty() ? null : group.value();
        Question any = Question.of("");
        return switch (code) {
            case WEBSITE_NOT_ALLOWED -> Optional.of(simulation.why(code, any.origin(value), at));
            case NETWORK_NOT_ALLOWED -> Optional.of(simulation.why(code, any.ip(value), at));
            case APP_NOT_ALLOWED ->
                Optional.of(simulation.why(code, any.app(value == null ? null : App.Asked.of(value)), at));
            // One without a value was none: nothing can be given that would let it pass.
            case PERMISSION_DENIED ->
                Optional.ofNullable(value).map(asked -> simulation.why(code, any.permission(asked), at));
            case REVOKED ->
                Optional.of(
                        value == null
                                ? simulation.why(code, any, at)
                                : simulation.whyGeneration(Refusals.generation(value), at));
            case EXPIRED, DISABLED, SUSPENDED -> Optional.of(simulation.why(code, any, at));
            case STALE, MALFORMED, UNKNOWN, RATE_LIMITED, QUOTA_EXCEEDED, VALID -> Optional.empty();
        };
    }

    Simulation.Answer simulate(Caller caller, String id, Question question, long at) {
        return credentials.simulation(caller, id).ask(question, at);
    }
}
