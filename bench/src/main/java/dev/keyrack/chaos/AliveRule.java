package dev.keyrack.chaos;

import java.util.ArrayList;
import java.util.List;

/** {@link Promise#ALIVE}: a node that was left alone says yes about keys that are surely on. */
final class AliveRule {
    private AliveRule() {}

    /** @param settling how long a node that was left alone may take to hear of a change, in nanoseconds */
    static List<Violation> check(KeyPast past, Calm calm, long settling) {
        List<Violation> violations = new ArrayList<>();
        for (Event.Verified asked : past.verified()) {
            if (!asked.code().equals("VALID")
                    && calm.at(asked.node(), asked.invoked(), asked.returned())
                    && surelyOn(past, asked, settling)) {
                List<Event> evidence = new ArrayList<>(past.possible()
                        .filter(c -> c.invoked() < asked.returned())
                        .toList());
                evidence.add(asked);
                violations.add(new Violation(
                        Promise.ALIVE,
                        past.key(),
                        asked.node() + " was left alone, the key was on, and the answer was " + asked.code(),
                        evidence));
            }
        }
        return violations;
    }

    private static boolean surelyOn(KeyPast past, Event.Verified asked, long settling) {
        Event.Changed last = null;
        int newest = 0;
        boolean created = false;
        for (Event.Changed change : past.changes()) {
            if (change.outcome() == Outcome.REFUSED || change.invoked() > asked.returned()) {
                continue;
            }
            boolean unknown = change.outcome() == Outcome.UNKNOWN;
            if ((change.deed() == Deed.ENABLE && unknown) || change.deed() == Deed.END_OVERLAP) {
                continue; // it cannot turn the newest token off
            }
            if (unknown || change.returned() + settling > asked.invoked()) {
                return false;
            }
            created |= change.deed() == Deed.CREATE;
            newest = Math.max(newest, change.generation());
            if (change.deed() != Deed.REGENERATE) {
                if (last != null && last.returned() > change.invoked()) {
                    return false; // which of the two came last is not known
                }
                last = change;
            }
        }
        return created
                && last != null
                && (last.deed() == Deed.CREATE || last.deed() == Deed.ENABLE)
                && asked.generation() == newest;
    }
}
