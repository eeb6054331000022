package dev.keyrack.server.permissions;

import dev.keyrack.gate.FeedSql;
import dev.keyrack.server.accounts.Accounts;
import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.feed.Confirmation;
import dev.keyrack.server.feed.Confirmations;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Committed;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Sentence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The operator's catalogue of permissions: its rules and its transactions.
 *
 * <p>Guarantees: when {@link #replace} has returned, no node grants a permission that was taken away; nothing that is added
 * is given to a key that is there already, but to one that names it to the letter.
 */
public final class PermissionCatalogue {

    private final Store store;
    private final Accounts accounts;
    private final Confirmations confirmations;
    private final CatalogueSql sql = new CatalogueSql();

    public PermissionCatalogue(Store store, Accounts accounts, Confirmations confirmations) {
        this.store = store;
        this.accounts = accounts;
        this.confirmations = confirmations;
    }

    /**
     * Permissions that a key is about to be given, held against the catalogue.
     *
     * @param asOf the version of the catalogue
     * @param refusals why the key cannot be given them, by their pointers
     */
    public record Judged(long asOf, List<Problem.FieldError> refusals) {
        /** Where none are given. */
        public static final Judged NOTHING = new Judged(0, List.of());

        public Judged {
            refusals = List.copyOf(refusals);
        }
    }

    /** For other slices, inside their own transaction. */
    public Judged judge(Tx tx, KeyType type, @Nullable List<String> granted) {
        long version = sql.version(tx);
        return version == 0 || granted == null
                ? new Judged(version, List.of())
                : new Judged(version, sql.catalogue(tx).refusals(type, granted));
    }

    /** As verifiers are told of it; nothing as long as the operator has set none. For other slices. */
    public Optional<FeedChange> forVerifiers(Tx tx) {
        return sql.version(tx) == 0
                ? Optional.empty()
                : Optional.of(sql.catalogue(tx).replicated());
    }

    Catalogue get() {
        return store.read(sql::catalogue);
    }

    /** A permission that keys of these types can be given. */
    public record Offered(String name, String description, Set<KeyType> types) {
        public Offered {
            types = Set.copyOf(types);
        }
    }

    /** What keys can be given, for other slices' pages; empty as long as the operator has set no catalogue. */
    public List<Offered> offered() {
        return get().entries().entrySet().stream()
                .map(e -> new Offered(
                        e.getKey(),
                        e.getValue().description(),
                        e.getValue().since().keySet()))
                .toList();
    }

    /** @throws ProblemException if the caller may not change the catalogue */
    void requireRight(Caller caller) {
        caller.requireOperator();
    }

    /** The catalogue as it is now, and the proof that it is in force everywhere. */
    record Replaced(Catalogue catalogue, Confirmation confirmation) {}

    /** Setting what is set already changes nothing, and waits again for the confirmation. */
    Replaced replace(Caller caller, Map<String, Catalogue.Wanted> wanted, LongConsumer match) {
        requireRight(caller);
        Committed<Catalogue> done = caller.change(store, tx -> {
            Catalogue before = sql.locked(tx);
            match.accept(before.version());
            Catalogue after = before.replacedBy(wanted);
            if (before.version() > 0 && before.entries().equals(after.entries())) {
                return Change.none(before);
            }
            sql.replace(tx, after);
            return Change.of(
                    after,
                    event(tx, before, after),
                    new FeedDraft(FeedSql.EVERY_ORGANIZATION, after.replicated(), before.isNarrowedBy(after)));
        });
        return new Replaced(done.result(), confirmations.ofEveryOrganization(done));
    }

    private AuditEvent event(Tx tx, Catalogue before, Catalogue after) {
        String organization = accounts.operatorOrganization(tx)
                .orElseThrow(() -> new ProblemException(new Problem.Conflict(Sentence.of("problem.not-set-up"))));
        Map<String, Object> was = new LinkedHashMap<>(Map.of("version", before.version()));
        Map<String, Object> is = new LinkedHashMap<>(Map.of("version", after.version()));
        Map<String, Object> removed = new LinkedHashMap<>();
        Map<String, Object> changed = new LinkedHashMap<>();
        Map<String, Object> became = new LinkedHashMap<>();
        Map<String, Object> added = new LinkedHashMap<>();
        before.entries().forEach((permission, entry) -> {
            Catalogue.Entry now = after.entries().get(permission);
            if (now == null) {
                removed.put(permission, described(entry));
            } else if (!now.equals(entry)) {
                changed.put(permission, described(entry));
                became.put(permission, described(now));
            }
        });
        after.entries().forEach((permission, entry) -> {
            if (!before.entries().containsKey(permission)) {
                added.put(permission, described(entry));
            }
        });
        putIfAny(was, "removed", removed);
        putIfAny(was, "changed", changed);
        putIfAny(is, "added", added);
        putIfAny(is, "changed", became);
        return new AuditEvent(
                organization,
                AuditAction.PERMISSIONS_UPDATED,
                new AuditEvent.Target("catalogue", "permissions", null),
                was,
                is);
    }

    private static void putIfAny(Map<String, Object> into, String name, Map<String, Object> entries) {
        if (!entries.isEmpty()) {
            into.put(name, entries);
        }
    }

    private static Map<String, Object> described(Catalogue.Entry entry) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("types", entry.since().keySet().stream().map(KeyType::text).toList());
        all.put("description", entry.description());
        return all;
    }
}
