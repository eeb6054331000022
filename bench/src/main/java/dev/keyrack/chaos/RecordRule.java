package dev.keyrack.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@link Promise#RECORDED} and {@link Promise#ANSWERED}: what each change leaves behind. */
final class RecordRule {
    private RecordRule() {}

    /** @param audited the ids of the requests that audit events name */
    static List<Violation> recorded(KeyPast past, Set<String> audited) {
        List<Violation> violations = new ArrayList<>();
        past.acknowledged().forEach(change -> {
            if (!audited.contains(change.request()) && surelyChanged(past, change)) {
                violations.add(new Violation(
                        Promise.RECORDED,
                        past.key(),
                        "the change was acknowledged and has no audit event",
                        List.of(change)));
            }
        });
        return violations;
    }

    /**
     * A change that found things as it wanted them changes nothing and leaves no event; nor does a creation that is answered
     * again what its first attempt came to.
     */
    private static boolean surelyChanged(KeyPast past, Event.Changed change) {
        return switch (change.deed()) {
            case REGENERATE -> true;
            case END_OVERLAP -> false;
            case CREATE, REVOKE ->
                past.possible(change.deed())
                        .noneMatch(other -> !other.equals(change) && other.invoked() < change.returned());
            case ENABLE, DISABLE -> {
                List<Event.Changed> others = past.possible(Deed.CREATE, Deed.ENABLE, Deed.DISABLE)
                        .filter(other -> !other.equals(change) && other.invoked() < change.returned())
                        .toList();
                boolean serial = others.stream().allMatch(other -> KeyPast.end(other) < change.invoked());
                yield serial
                        && !others.isEmpty()
                        && (others.getLast().deed() == Deed.DISABLE) != (change.deed() == Deed.DISABLE);
            }
        };
    }

    static List<Violation> answered(KeyPast past) {
        List<Violation> violations = new ArrayList<>();
        for (Event.Changed change : past.changes()) {
            switch (change.status()) {
                case 0, 200, 201, 409, 503 -> {}
                default ->
                    violations.add(new Violation(
                            Promise.ANSWERED,
                            past.key(),
                            "a well-formed change was answered " + change.status(),
                            List.of(change)));
            }
        }
        return violations;
    }
}
