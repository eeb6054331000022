package dev.keyrack.chaos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A history of one key, made by hand: times in seconds, one client, one node that serves, one gate. */
final class MadeHistory {
    static final String KEY = "key";
    private static final long SECOND = 1_000_000_000L;
    private static final long SETTLING = 10 * SECOND;

    private final List<Event> events = new ArrayList<>();
    private final Set<String> audited = new HashSet<>();
    private final Set<String> serves = new HashSet<>();

    /** A key that was created in the first second. */
    static MadeHistory created() {
        return new MadeHistory().changed(Deed.CREATE, 0, 1, Outcome.OK, 1);
    }

    MadeHistory ok(Deed deed, double from, double until) {
        return changed(deed, from, until, Outcome.OK, 0);
    }

    MadeHistory regenerated(double from, double until, int generation) {
        return changed(Deed.REGENERATE, from, until, Outcome.OK, generation);
    }

    MadeHistory regenerated(double from, double until, int generation, int overlapSeconds) {
        return changed(Deed.REGENERATE, from, until, Outcome.OK, generation, 200, overlapSeconds);
    }

    MadeHistory unknown(Deed deed, double from, double until) {
        return changed(deed, from, until, Outcome.UNKNOWN, 0);
    }

    MadeHistory refused(Deed deed, double from, double until) {
        return changed(deed, from, until, Outcome.REFUSED, 0);
    }

    MadeHistory changed(Deed deed, double from, double until, Outcome outcome, int generation) {
        int status = switch (outcome) {
            case OK -> 200;
            case REFUSED -> 409;
            case UNKNOWN -> 503;
        };
        return changed(deed, from, until, outcome, generation, status);
    }

    MadeHistory changed(Deed deed, double from, double until, Outcome outcome, int generation, int status) {
        return changed(deed, from, until, outcome, generation, status, 0);
    }

    private MadeHistory changed(
            Deed deed, double from, double until, Outcome outcome, int generation, int status, int overlapSeconds) {
        String request = "request-" + events.size();
        audited.add(request);
        events.add(new Event.Changed(
                "client",
                "serve-1",
                deed,
                KEY,
                generation,
                overlapSeconds,
                at(from),
                at(until),
                outcome,
                status,
                request));
        return this;
    }

    /** The change before left no event. */
    MadeHistory unaudited() {
        audited.remove("request-" + (events.size() - 1));
        return this;
    }

    MadeHistory verified(double from, double until, String code) {
        return verified("gate-1", 1, from, until, code);
    }

    MadeHistory verified(String node, int generation, double from, double until, String code) {
        events.add(new Event.Verified(node, KEY, generation, at(from), at(until), code));
        return this;
    }

    MadeHistory disturbed(String node, double from, double until) {
        events.add(new Event.Disturbed(Set.of(node), node + ": frozen", at(from), at(until)));
        return this;
    }

    MadeHistory found(String state, int generation) {
        serves.add("serve-1");
        events.add(new Event.Found("serve-1", KEY, state, generation, at(100), at(101)));
        return this;
    }

    /** In the end the keys were listed, and this one was not there. */
    MadeHistory notFound() {
        serves.add("serve-1");
        return this;
    }

    List<Promise> broken() {
        return new Checker(serves, audited, SETTLING)
                .violations(events).stream().map(Violation::promise).toList();
    }

    private static long at(double seconds) {
        return (long) (seconds * SECOND);
    }
}
