package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: every key is found by what it is, in the order that was asked for, and once. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class KeyListTest {
    /** In the order of their names: without case, equal looks made equal. */
    private static final List<String> NAMES = List.of(
            "100% [sale]_x",
            "APPLE", "apple pie", "Straße", "STRASSE 2", "zebra", "Zebra", "äpfel", "ÄPFEL 2", "Éclair", "ключ");

    private record Listed(String id, String name, String type, String state, String projectId, int made) {}

    private TestingServer server;
    private String shop;
    private String stall;
    private final List<Listed> all = new ArrayList<>();

    @BeforeAll
    void start() {
        server = TestingServer.start();
        server.makeOther();
        shop = server.project;
        stall = server.owner.post("/api/v1/projects", "{'name':'Stall'}").at("/project/id");
        String[] types = {"web", "mobile", "analytics", "server"};
        List<String> names = new ArrayList<>(NAMES);
        java.util.Collections.shuffle(names, new java.util.Random(1));
        for (int i = 0; i < names.size(); i++) {
            String type = types[i % 4];
            String project = i % 3 == 0 ? stall : shop;
            String id = server.owner
                    .post(
                            "/api/v1/keys",
                            "{'name':'" + names.get(i) + "','type':'" + type + "','projectId':'" + project + "'}")
                    .at("/key/id");
            String state = i % 5 == 0 ? "revoked" : i % 5 == 1 ? "disabled" : i % 5 == 2 ? "expired" : "active";
            if (state.equals("revoked")) {
                server.owner.delete("/api/v1/keys/" + id);
            } else if (state.equals("disabled")) {
                server.owner.post("/api/v1/keys/" + id + "/disable");
            } else if (state.equals("expired")) {
                server.byHand("UPDATE keys SET expires_at = 1, state = '" + (i % 2 == 0 ? "disabled" : "active")
                        + "' WHERE id = '" + id + "'");
            }
            all.add(new Listed(id, names.get(i), type, state, project, i));
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Comparator<Listed> order(String sort) {
        boolean down = sort.startsWith("-");
        Comparator<Listed> order = switch (down ? sort.substring(1) : sort) {
            case "createdAt" -> Comparator.comparing(Listed::made);
            case "type" -> Comparator.comparing(Listed::type).thenComparing(Listed::made);
            default -> Comparator.<Listed>comparingInt(k -> place(k.name)).thenComparing(Listed::id);
        };
        return down ? order.reversed() : order;
    }

    /** Names that differ only in case stand at one place. */
    private static int place(String name) {
        return name.equals("Zebra") ? NAMES.indexOf("zebra") : NAMES.indexOf(name);
    }

    private List<String> ids(String sort, Predicate<Listed> which) {
        return all.stream().filter(which).sorted(order(sort)).map(Listed::id).toList();
    }

    private List<String> listed(String query) {
        Answer page = server.owner.get("/api/v1/keys" + query);
        assertThat(page.status()).as(page.text()).isEqualTo(200);
        assertThat(page.json().get("next").isNull()).isTrue();
        return page.items("/id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"createdAt", "-createdAt", "name", "-name", "type", "-type"})
    void everyOrderGoesBothWaysAndWithEveryFilter(String sort) {
        String by = "?sort=" + sort;
        assertThat(listed(by)).isEqualTo(ids(sort, k -> true));
        assertThat(listed(by + "&projectId=" + stall)).isEqualTo(ids(sort, k -> k.projectId.equals(stall)));
        assertThat(listed(by + "&type=web")).isEqualTo(ids(sort, k -> k.type.equals("web")));
        assertThat(listed(by + "&type=web,mobile"))
                .isEqualTo(ids(sort, k -> k.type.equals("web") || k.type.equals("mobile")));
        assertThat(listed(by + "&type=web&type=server,web"))
                .isEqualTo(ids(sort, k -> k.type.equals("web") || k.type.equals("server")));
        for (String state : List.of("active", "disabled", "expired", "revoked")) {
            assertThat(listed(by + "&state=" + state)).as(state).isEqualTo(ids(sort, k -> k.state.equals(state)));
        }
        assertThat(listed(by + "&state=active,disabled,expired")).isEqualTo(ids(sort, k -> !k.state.equals("revoked")));
        assertThat(listed(by + "&state=expired,revoked"))
                .isEqualTo(ids(sort, k -> k.state.equals("expired") || k.state.equals("revoked")));
        assertThat(listed(by + "&state=active,disabled&type=web,server,mobile&projectId=" + shop))
                .isEqualTo(ids(
                        sort,
                        k -> (k.state.equals("active") || k.state.equals("disabled"))
                                && !k.type.equals("analytics")
                                && k.projectId.equals(shop)));
        assertThat(listed(by + "&search=app")).isEqualTo(ids(sort, k -> place(k.name) == 1 || place(k.name) == 2));
    }

    @Test
    void newestComeFirstAndFindsComeByName() {
        assertThat(listed("")).isEqualTo(ids("-createdAt", k -> true));
        assertThat(listed("?search=z")).isEqualTo(ids("name", k -> k.name.equalsIgnoreCase("zebra")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"äp", "ÄPFEL", "a\u0308p", "\uff21\u0308PF", " äpfel "})
    void searchSeesNoCaseAndNoOtherSpelling(String search) {
        assertThat(found(search)).containsExactly("äpfel", "ÄPFEL 2").isNotEmpty();
    }

    private List<String> found(String search) {
        List<String> ids = listed("?search=" + TestingClient.encoded(search));
        return ids.stream()
                .map(id -> all.stream()
                        .filter(k -> k.id.equals(id))
                        .findFirst()
                        .orElseThrow()
                        .name())
                .toList();
    }

    @Test
    void searchIsTheBeginningOfTheNameToTheLetter() {
        assertThat(found("strasse")).containsExactly("Straße", "STRASSE 2");
        assertThat(found("STRAß")).containsExactly("Straße", "STRASSE 2");
        assertThat(found("КЛ")).containsExactly("ключ");
        assertThat(found("100%")).containsExactly("100% [sale]_x");
        for (String none : List.of("pie", "%", "_", "a_p", "*", "[sale]", "' OR 1=1 --", "\uffff", "apple pie x")) {
            assertThat(found(none)).as(none).isEmpty();
        }
        assertThat(listed("?search=")).hasSize(all.size());
        assertThat(listed("?search=%20")).hasSize(all.size());
    }

    @Test
    void searchFindsAKeyByItsWholeId() {
        for (Listed key : all) {
            assertThat(listed("?search=" + key.id)).containsExactly(key.id);
        }
        String id = all.getFirst().id;
        assertThat(listed("?search=" + id.substring(0, 10))).isEmpty();
        assertThat(listed("?search=" + server.makeOther().id())).isEmpty();
        assertThat(listed("?search=" + id + "&state=active"))
                .isEqualTo(all.getFirst().state.equals("active") ? List.of(id) : List.of());
    }

    @Test
    void filtersThatMatchNothingListNothing() {
        assertThat(listed("?projectId=prj_nothing")).isEmpty();
        assertThat(listed("?projectId=" + server.otherProject)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"createdAt", "-createdAt", "name", "-name", "type", "-type"})
    void pagesShowEachKeyOnceWhileOthersAreMade(String sort) {
        Set<String> there = new HashSet<>();
        for (int i = 0; i < 11; i++) {
            there.add(server.makeOther().id());
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            Answer page = server.other.get("/api/v1/keys?limit=4&sort=" + sort + cursor);
            seen.addAll(page.items("/id"));
            cursor = page.json().get("next").isNull() ? null : "&cursor=" + page.at("/next");
            server.makeOther();
            assertThat(seen).hasSizeLessThan(500);
        }
        assertThat(seen).doesNotHaveDuplicates().containsAll(there);
    }

    @Test
    void lastPageSaysThatThereIsNoOther() {
        Answer exact = server.owner.get("/api/v1/keys?limit=" + all.size());
        assertThat(exact.items("/id")).hasSize(all.size());
        assertThat(exact.json().get("next").isNull()).isTrue();
        Answer short1 = server.owner.get("/api/v1/keys?limit=" + (all.size() - 1));
        assertThat(short1.json().get("next").isNull()).isFalse();
        Answer last = server.owner.get("/api/v1/keys?limit=200&cursor=" + short1.at("/next"));
        assertThat(last.items("/id")).hasSize(1);
    }

    @Test
    void cursorGoesWithItsOwnListAndOrder() {
        Map<String, String> lists =
                Map.of("/api/v1/keys", "sort=createdAt", "/api/v1/projects", "sort=createdAt", "/api/v1/audit", "");
        server.owner.post("/api/v1/projects", "{'name':'Third'}");
        String cursor = server.owner.get("/api/v1/keys?limit=1&sort=createdAt").at("/next");
        for (String sort : List.of("-createdAt", "name", "type", "-type")) {
            Answer refused = server.owner.get("/api/v1/keys?sort=" + sort + "&cursor=" + cursor);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.pointers()).containsExactly("?cursor");
        }
        lists.forEach((list, query) -> {
            String own = server.owner.get(list + "?limit=1&" + query).at("/next");
            lists.forEach((target, sort) -> {
                int status =
                        server.owner.get(target + "?" + sort + "&cursor=" + own).status();
                assertThat(status).as(list + " → " + target).isEqualTo(target.equals(list) ? 200 : 400);
            });
        });
    }

    @Test
    void cursorThatWasTamperedWithIsRefused() {
        for (String made : List.of(
                "createdAt\0x\0\0y",
                "createdAt\0" + "9".repeat(30) + "\0\0y",
                "createdAt\0" + "1\0\0y\0z",
                "\0",
                "name\0")) {
            String cursor = java.util.Base64.getUrlEncoder()
                    .encodeToString(made.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            Answer refused = server.owner.get("/api/v1/keys?sort=createdAt&cursor=" + cursor.replace("=", "%3D"));
            assertThat(refused.status()).as(made).isEqualTo(400);
            assertThat(refused.pointers()).containsExactly("?cursor");
        }
    }

    @Test
    void keysOfOthersAreNeverListed() {
        Made foreign = server.makeOther();
        for (String sort : List.of("createdAt", "name", "type")) {
            assertThat(listed("?sort=" + sort)).doesNotContain(foreign.id());
        }
        assertThat(server.other.get("/api/v1/keys").items("/organizationId"))
                .isNotEmpty()
                .containsOnly(server.otherOrganization);
    }
}
