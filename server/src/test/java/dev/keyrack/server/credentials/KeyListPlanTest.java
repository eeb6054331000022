package dev.keyrack.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.http.ListQuery;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise: a page of the keys of one owner walks an index, whatever else is asked for, and sorts nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyListPlanTest {
    private TestingDesk desk;

    @BeforeAll
    void open(@TempDir Path folder) {
        desk = new TestingDesk(folder);
    }

    @AfterAll
    void close() {
        desk.close();
    }

    @ParameterizedTest
    @CsvSource({
        "createdAt, , , keys_by_owner_and_creation",
        "-createdAt, , , keys_by_owner_and_creation",
        "name, , , keys_by_owner_and_name",
        "-name, , , keys_by_owner_and_name",
        "type, , , keys_by_owner_and_type",
        "-type, , , keys_by_owner_and_type",
        "-createdAt, type, web, keys_by_owner_and_type",
        "name, type, web, keys_by_owner_and_name",
        "type, type, web, keys_by_owner_and_type",
        "-createdAt, state, active, keys_by_owner_and_creation",
        "name, state, active, keys_by_owner_and_name",
        "type, state, active, keys_by_owner_and_type",
        "-createdAt, state, expired, keys_by_owner_and_creation",
        "name, state, expired, keys_by_owner_and_name",
        "type, state, unrevoked, keys_by_owner_and_type",
        "-createdAt, projectId, prj, keys_by_owner_and_creation",
        "name, projectId, prj, keys_by_owner_and_name",
        "type, projectId, prj, keys_by_owner_and_type"
    })
    void pageOfAnOwnerWalksAnIndexInItsOrder(String sort, String filter, String value, String index) {
        ListQuery query =
                new ListQuery(50, null, sort, null, filter == null ? Map.of() : Map.of(filter, values(value)));
        assertThat(plan("mem", query)).contains("INDEX " + index).doesNotContain("TEMP B-TREE");
    }

    private static List<String> values(String value) {
        return value.equals("unrevoked") ? ShownState.UNREVOKED : List.of(value);
    }

    @ParameterizedTest
    @CsvSource({
        "-createdAt, active, keys_by_state_and_creation",
        "name, disabled, keys_by_state_and_name",
        "type, revoked, keys_by_state_and_type",
        "-createdAt, expired, keys_unrevoked_by_creation",
        "createdAt, unrevoked, keys_unrevoked_by_creation",
        "-createdAt, unrevoked, keys_unrevoked_by_creation",
        "name, unrevoked, keys_unrevoked_by_name",
        "-name, expired, keys_unrevoked_by_name",
        "type, unrevoked, keys_unrevoked_by_type"
    })
    void pageOfAStateWalksAnIndexInItsOrder(String sort, String state, String index) {
        ListQuery query = new ListQuery(50, null, sort, null, Map.of("state", values(state)));
        assertThat(plan(null, query)).contains("INDEX " + index + " ").doesNotContain("TEMP B-TREE");
    }

    @ParameterizedTest
    @CsvSource({"name", "-name"})
    void searchWithinAnOwnersKeysWalksTheIndexOfNames(String sort) {
        ListQuery query = new ListQuery(50, null, sort, "sho", Map.of());
        assertThat(plan("mem", query)).contains("INDEX keys_by_owner_and_name").doesNotContain("TEMP B-TREE");
    }

    private String plan(@Nullable String owner, ListQuery query) {
        KeyListSql.Listing listing = KeyListSql.listing("org", owner, query, Optional.empty(), 1);
        return desk.store().read(tx -> {
            Query explain = tx.handle().createQuery("EXPLAIN QUERY PLAN " + listing.sql());
            listing.values().forEach(explain::bind);
            return explain.map((row, context) -> row.getString("detail")).list().toString();
        });
    }
}
