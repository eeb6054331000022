package dev.keyrack.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Judges a history.
 *
 * <p>It never accuses wrongly: what is in doubt, since an answer was lost or two changes overlapped, is read in the
 * program's favour.
 *
 * @param serves through each of which all keys were listed in the end; empty when they were not
 * @param audited the ids of the requests that audit events name in the end; nothing is looked for when they were not read
 * @param settling how long a node may take to be well again after a fault, in nanoseconds
 */
record Checker(Set<String> serves, Set<String> audited, long settling) {

    /** What is wrong with it, the earliest first; of each key and promise only the first. */
    List<Violation> violations(List<Event> events) {
        List<Violation> violations = new ArrayList<>();
        Calm calm = new Calm(events, settling);
        for (KeyPast past : KeyPast.all(events)) {
            violations.addAll(OffRule.check(past));
            violations.addAll(KeptRule.check(past, serves));
            violations.addAll(AliveRule.check(past, calm, settling));
            violations.addAll(RecordRule.answered(past));
            if (!audited.isEmpty()) {
                violations.addAll(RecordRule.recorded(past, audited));
            }
        }
        violations.sort(Comparator.comparingLong(
                v -> v.evidence().isEmpty() ? 0 : v.evidence().getLast().returned()));
        Set<String> told = new HashSet<>();
        violations.removeIf(v -> !told.add(v.promise() + " " + v.key()));
        return violations;
    }
}
