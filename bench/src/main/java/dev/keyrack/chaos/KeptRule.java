package dev.keyrack.chaos;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@link Promise#KEPT}: when all has healed, every key is as the changes that were acknowledged left it, give or take those
 * whose outcome nobody knows. A change of unknown outcome may have happened at any moment after it was asked for.
 */
final class KeptRule {
    private KeptRule() {}

    /** @param serves through each of which the keys were listed in the end */
    static List<Violation> check(KeyPast past, Set<String> serves) {
        List<Violation> violations = new ArrayList<>();
        boolean exists = past.acknowledged(Deed.CREATE).findAny().isPresent();
        for (String serve : serves) {
            List<Event.Found> found =
                    past.found().stream().filter(f -> f.node().equals(serve)).toList();
            if (found.isEmpty() && exists) {
                violations.add(violation(past, "it does not exist any more through " + serve, List.of()));
            }
            if (found.size() > 1) {
                violations.add(violation(past, "there are several keys of this name", found));
            }
            if (!found.isEmpty() && past.possible(Deed.CREATE).findAny().isEmpty()) {
                violations.add(violation(past, "nobody asked for it", found));
            }
            for (Event.Found key : found) {
                check(past, key, violations);
            }
        }
        return violations;
    }

    private static void check(KeyPast past, Event.Found found, List<Violation> violations) {
        Set<String> states = states(past);
        if (!states.contains(found.state())) {
            violations.add(violation(
                    past, "it must be " + String.join(" or ", states) + " and is " + found.state(), List.of(found)));
        }
        long sure = 1 + past.acknowledged(Deed.REGENERATE).count();
        long most = 1 + past.possible(Deed.REGENERATE).count();
        int shown = past.acknowledged(Deed.CREATE, Deed.REGENERATE)
                .mapToInt(Event.Changed::generation)
                .max()
                .orElse(1);
        if (found.generation() < Math.max(sure, shown) || found.generation() > most) {
            violations.add(violation(
                    past,
                    "its generation must be " + Math.max(sure, shown) + " to " + most + " and is " + found.generation(),
                    List.of(found)));
        }
    }

    /** The states that some order of the changes leads to. */
    static Set<String> states(KeyPast past) {
        if (past.acknowledged(Deed.REVOKE).findAny().isPresent()) {
            return Set.of("revoked");
        }
        Set<String> states = new HashSet<>();
        List<Event.Changed> switches =
                past.acknowledged(Deed.CREATE, Deed.ENABLE, Deed.DISABLE).toList();
        for (Event.Changed last : switches) {
            if (switches.stream().noneMatch(later -> later.invoked() > last.returned())) {
                states.add(state(last.deed()));
            }
        }
        past.possible()
                .filter(c -> c.outcome() == Outcome.UNKNOWN)
                .filter(c -> c.deed() != Deed.REGENERATE && c.deed() != Deed.END_OVERLAP)
                .forEach(c -> states.add(state(c.deed())));
        return states;
    }

    private static String state(Deed deed) {
        return switch (deed) {
            case CREATE, ENABLE, REGENERATE, END_OVERLAP -> "active";
            case DISABLE -> "disabled";
            case REVOKE -> "revoked";
        };
    }

    /** With the changes of the key that matter, at most the last ten. */
    private static Violation violation(KeyPast past, String explanation, List<? extends Event> found) {
        List<Event> evidence = new ArrayList<>(past.possible().toList());
        if (evidence.size() > 10) {
            evidence = new ArrayList<>(evidence.subList(evidence.size() - 10, evidence.size()));
        }
        evidence.addAll(found);
        return new Violation(Promise.KEPT, past.key(), explanation, evidence);
    }
}
