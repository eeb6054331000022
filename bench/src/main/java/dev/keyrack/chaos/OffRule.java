package dev.keyrack.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@link Promise#OFF} and {@link Promise#GONE}: what was turned off says no from then on. */
final class OffRule {
    /** How late an overlap may end (docs/guarantees.md). */
    private static final long TARDINESS = TimeUnit.SECONDS.toNanos(1);

    private OffRule() {}

    static List<Violation> check(KeyPast past) {
        List<Violation> violations = new ArrayList<>();
        Map<String, Event.Verified> seenOff = new HashMap<>();
        List<Event.Changed> narrowings = past.acknowledged(Deed.REVOKE, Deed.DISABLE, Deed.REGENERATE, Deed.END_OVERLAP)
                .toList();
        for (Event.Verified asked : past.verified()) {
            if (asked.code().equals("VALID")) {
                for (Event.Changed narrowing : narrowings) {
                    if (narrowing.returned() < asked.invoked() && turnsOff(past, narrowing, asked)) {
                        violations.add(new Violation(
                                Promise.OFF,
                                past.key(),
                                "it was off when it was asked about, and was answered VALID",
                                List.of(narrowing, asked)));
                        break;
                    }
                }
                Event.Verified before = seenOff.get(place(asked));
                if (before != null && before.returned() < asked.invoked()) {
                    violations.add(new Violation(
                            Promise.GONE,
                            past.key(),
                            "the same node had already answered that it is off for good",
                            List.of(before, asked)));
                }
            } else if (asked.code().equals("REVOKED")) {
                seenOff.merge(place(asked), asked, (a, b) -> a.returned() <= b.returned() ? a : b);
            }
        }
        return violations;
    }

    /** Whether nothing since can have turned it on again. */
    private static boolean turnsOff(KeyPast past, Event.Changed narrowing, Event.Verified asked) {
        return switch (narrowing.deed()) {
            case REVOKE -> true;
            case REGENERATE -> supersedes(narrowing, asked);
            case END_OVERLAP ->
                past.acknowledged(Deed.REGENERATE)
                        .anyMatch(change ->
                                change.returned() < narrowing.invoked() && asked.generation() < change.generation());
            case DISABLE ->
                past.possible(Deed.ENABLE)
                        .noneMatch(enable ->
                                enable.invoked() < asked.returned() && KeyPast.end(enable) > narrowing.invoked());
            case CREATE, ENABLE -> false;
        };
    }

    /** A key has two tokens that work at most: the one before the newest, until its overlap ends, and no other. */
    private static boolean supersedes(Event.Changed regeneration, Event.Verified asked) {
        int older = regeneration.generation() - asked.generation();
        if (regeneration.overlapSeconds() == 0 || older > 1) {
            return older > 0;
        }
        long end = regeneration.returned() + TimeUnit.SECONDS.toNanos(regeneration.overlapSeconds()) + TARDINESS;
        return older == 1 && end < asked.invoked();
    }

    private static String place(Event.Verified asked) {
        return asked.node() + " " + asked.generation();
    }
}
