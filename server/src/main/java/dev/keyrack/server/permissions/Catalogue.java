package dev.keyrack.server.permissions;

import dev.keyrack.server.http.Problem;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Permissions;
import dev.keyrack.verifier.Sentence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which permissions there are, and which types of key may have them.
 *
 * @param version 0 as long as the operator has set none: then every permission is for every type
 * @param entries by permission; without those that are built in
 */
record Catalogue(long version, SortedMap<String, Entry> entries) {
    Catalogue {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    /** @param since for each type that may have it, the version in which it came to */
    record Entry(String description, Map<KeyType, Long> since) {
        Entry {
            since = Collections.unmodifiableMap(new EnumMap<>(since));
        }
    }

    /** A permission as the operator wants it. */
    record Wanted(String description, Set<KeyType> types) {}

    /**
     * The next version. What stays allowed to a type is as old as it was; what comes to be is as new as this version, also
     * when it was allowed before some earlier one. What the first catalogue allows, keys may always have had.
     */
    Catalogue replacedBy(Map<String, Wanted> wanted) {
        long next = version + 1;
        long fresh = version == 0 ? 0 : next;
        SortedMap<String, Entry> all = new TreeMap<>();
        wanted.forEach((permission, entry) -> {
            Map<KeyType, Long> since = new EnumMap<>(KeyType.class);
            for (KeyType type : entry.types()) {
                since.put(type, since(permission).getOrDefault(type, fresh));
            }
            all.put(permission, new Entry(entry.description(), since));
        });
        return new Catalogue(next, all);
    }

    private Map<KeyType, Long> since(String permission) {
        Entry entry = entries.get(permission);
        return entry == null ? Map.of() : entry.since();
    }

    /** Whether a key may lose a permission when this is replaced by the next one. */
    boolean isNarrowedBy(Catalogue next) {
        return version == 0
                || entries.entrySet().stream()
                        .anyMatch(e -> !next.since(e.getKey())
                                .keySet()
                                .containsAll(e.getValue().since().keySet()));
    }

    private boolean allows(String permission, KeyType type) {
        return since(permission).containsKey(type);
    }

    /** Why a key of this type cannot be given these permissions now; reserved ones are judged by others. */
    List<Problem.FieldError> refusals(KeyType type, List<String> granted) {
        List<Problem.FieldError> refusals = new ArrayList<>();
        for (int i = 0; version > 0 && i < granted.size(); i++) {
            String grant = granted.get(i);
            if (Permissions.RESERVED.contains(grant) || allows(grant, type)) {
                continue;
            }
            String pointer = "/permissions/" + i;
            if (!Permissions.isQuestion(grant)) {
                if (entries.keySet().stream().noneMatch(p -> allows(p, type) && Permissions.covers(grant, p))) {
                    refusals.add(
                            new Problem.FieldError(pointer, Sentence.of("problem.grant-covers-nothing", type.text())));
                }
            } else if (entries.containsKey(grant)) {
                refusals.add(new Problem.FieldError(
                        pointer, Sentence.of("problem.grant-for-other-types", grant, types(grant), type.text())));
            } else {
                refusals.add(new Problem.FieldError(pointer, unknown(grant, type)));
            }
        }
        return refusals;
    }

    private String types(String permission) {
        return String.join(
                ", ", since(permission).keySet().stream().map(KeyType::text).toList());
    }

    private Sentence unknown(String grant, KeyType type) {
        List<String> near = NearNames.of(
                grant, entries.keySet().stream().filter(p -> allows(p, type)).toList());
        return near.isEmpty()
                ? Sentence.of("problem.grant-unknown", grant)
                : Sentence.of("problem.grant-unknown-near", grant, String.join(", ", near));
    }

    /** As verifiers are told. */
    FeedChange.Catalogue replicated() {
        return new FeedChange.Catalogue(
                version,
                entries.entrySet().stream()
                        .map(e -> new FeedChange.Permitted(
                                e.getKey(), e.getValue().since()))
                        .toList());
    }
}
