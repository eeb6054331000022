package dev.keyrack.server.credentials;

import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Names;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.KeyId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * The list of keys: every sort and every filter by one value walks an index of its own, so that a page costs the same
 * however many keys there are.
 */
final class KeyListSql {
    /** The columns of each sort, the id last: together they name one row. */
    private static final Map<String, List<String>> SORTS = Map.of(
            "createdAt", List.of("created_at", "id"),
            "name", List.of("name_folded", "id"),
            "type", List.of("type", "created_at", "id"));

    /** The statement of a list, and the values of its parameters. */
    record Listing(String sql, Map<String, Object> values) {}

    /**
     * One row more than the page has, from after the cursor.
     *
     * @param owners whose keys: those of each of these members, which is none for two of them
     */
    List<Key> page(Tx tx, String organizationId, Set<String> owners, ListQuery query) {
        if (owners.size() > 1) {
            return List.of();
        }
        String owner = owners.stream().findFirst().orElse(null);
        Listing listing = listing(organizationId, owner, query, wantedId(tx, organizationId, owner, query), tx.at());
        Query select = tx.handle().createQuery(listing.sql());
        listing.values().forEach(select::bind);
        return CredentialSql.withTokens(
                tx, select.map((row, context) -> CredentialSql.key(row)).list());
    }

    /** How many keys of an organization work at this moment, as far as they themselves are concerned. */
    long working(Tx tx, String organizationId) {
        return tx.handle()
                .createQuery("SELECT count(*) FROM keys k WHERE k.organization_id = :organization"
                        + ShownState.condition(Set.of(ShownState.ACTIVE.text()), true))
                .bind("organization", organizationId)
                .bind("now", tx.at())
                .mapTo(Long.class)
                .one();
    }

    /** @param now when a key has expired, in microseconds since 1970 */
    static Listing listing(
            String organizationId, @Nullable String owner, ListQuery query, Optional<KeyId> wanted, long now) {
        Map<String, Object> values = new LinkedHashMap<>();
        StringBuilder sql = new StringBuilder(CredentialSql.KEY).append("WHERE k.organization_id = :organization");
        values.put("organization", organizationId);
        if (wanted.isPresent()) {
            sql.append(" AND k.id = :wanted");
            values.put("wanted", wanted.get().value());
        } else if (query.search() != null) {
            String prefix = Names.fold(query.search());
            sql.append(" AND k.name_folded >= :prefix AND k.name_folded < :prefixEnd");
            values.put("prefix", prefix);
            values.put("prefixEnd", Names.endOfPrefix(prefix));
        }
        if (owner != null) {
            // Said twice, it outweighs the two ends of a search with SQLite, which would walk everybody's names else.
            sql.append(" AND k.owner_id = :owner AND k.owner_id = :owner");
            values.put("owner", owner);
        }
        // Nobody owns as many keys as a state or a project can have: those of an owner are tested one by one.
        boolean indexed = owner == null;
        filter(sql, values, "project_id", query.filter("projectId"), indexed);
        filter(
                sql,
                values,
                "type",
                query.filter("type"),
                indexed || !query.sortedBy().equals("name"));
        Set<String> states = Set.copyOf(query.filter("state"));
        if (!states.isEmpty()) {
            String condition = ShownState.condition(states, indexed);
            sql.append(condition);
            if (condition.contains(":now")) {
                values.put("now", now);
            }
        }
        order(sql, values, query);
        sql.append(" LIMIT :limit");
        values.put("limit", query.limit() + 1);
        return new Listing(sql.toString(), values);
    }

    /** The key whose id was searched for, if there is one that may be listed. */
    private static Optional<KeyId> wantedId(Tx tx, String organizationId, @Nullable String owner, ListQuery query) {
        String search = query.search();
        if (search == null || !KeyId.isValid(search)) {
            return Optional.empty();
        }
        Query select = tx.handle()
                .createQuery("SELECT id FROM keys WHERE id = :id AND organization_id = :organization"
                        + (owner == null ? "" : " AND owner_id = :owner"))
                .bind("id", search)
                .bind("organization", organizationId);
        if (owner != null) {
            select.bind("owner", owner);
        }
        return select.mapTo(String.class).findFirst().map(KeyId::new);
    }

    /**
     * One value is looked up in the index; several would break its order, so they are tested row by row.
     *
     * @param indexed whether there is an index for one value
     */
    private static void filter(
            StringBuilder sql, Map<String, Object> values, String column, List<String> wanted, boolean indexed) {
        if (wanted.size() == 1 && indexed) {
            sql.append(" AND k.").append(column).append(" = :").append(column);
            values.put(column, wanted.getFirst());
        } else if (!wanted.isEmpty()) {
            sql.append(" AND (k.").append(column).append(" || '') IN (");
            for (int i = 0; i < wanted.size(); i++) {
                sql.append(i == 0 ? ":" : ", :").append(column).append(i);
                values.put(column + i, wanted.get(i));
            }
            sql.append(")");
        }
    }

    private static void order(StringBuilder sql, Map<String, Object> values, ListQuery query) {
        List<String> columns = SORTS.getOrDefault(query.sortedBy(), List.of("created_at", "id"));
        Cursor after = query.after();
        if (after != null) {
            sql.append(" AND (k.").append(String.join(", k.", columns)).append(")");
            sql.append(query.descending() ? " < (" : " > (");
            for (int i = 0; i < columns.size(); i++) {
                sql.append(i == 0 ? ":after" : ", :after").append(i);
                values.put("after" + i, value(columns.get(i), after));
            }
            sql.append(")");
        }
        String direction = query.descending() ? " DESC" : "";
        sql.append(" ORDER BY k.")
                .append(String.join(direction + ", k.", columns))
                .append(direction);
    }

    private static Object value(String column, Cursor after) {
        return switch (column) {
            case "created_at" -> after.number(0);
            case "id" -> after.values().get(2);
            default -> after.values().get(1);
        };
    }

    /** The cursor after this key: its creation, the other sort value if there is one, and its id. */
    static Cursor cursor(ListQuery query, Key key) {
        String other = switch (query.sortedBy()) {
            case "name" -> Names.fold(key.name());
            case "type" -> key.type().text();
            default -> "";
        };
        return new Cursor(
                query.sort(),
                List.of(String.valueOf(key.created().at()), other, key.id().value()));
    }
}
