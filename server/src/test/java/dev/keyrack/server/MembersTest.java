package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.People.Person;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: members change as their roles allow, whoever goes is gone at once, and an organization always has an Owner. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class MembersTest {
    private TestingServer server;
    private Person admin;
    private Person developer;
    private int number;

    @BeforeAll
    void start() {
        server = TestingServer.start();
        admin = person("admin");
        developer = person("developer");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Person person(String role) {
        return People.person(server, server.owner, role + number++ + "@example.com", role);
    }

    /** The id and client of an Owner of a fresh organization. */
    private Person freshOwner() {
        String email = "fresh" + number + "@example.com";
        Answer made = server.owner.post(
                "/api/v1/organizations",
                "{'name':'Fresh','subdomain':'fresh" + number++ + "','ownerEmail':'" + email + "'}");
        String token = made.at("/token");
        return new Person(made.at("/owner/id"), email, server.nobody.as("x-api-key", token), token);
    }

    private Answer remove(TestingClient by, String id, String body) {
        return by.send(
                "DELETE",
                "/api/v1/members/" + id,
                "application/json",
                body.replace('\'', '"').getBytes());
    }

    private Answer role(TestingClient by, String id, String role) {
        return by.patch("/api/v1/members/" + id, "{'role':'" + role + "'}");
    }

    @ParameterizedTest
    @CsvSource({"email", "-email", "role", "-role", "createdAt", "-createdAt"})
    void membersAreListedInEveryOrderInPages(String sort) {
        List<String> seen = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            Answer page = server.owner.get("/api/v1/members?limit=1&sort=" + sort + cursor);
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            seen.addAll(page.items(sort.equals("role") || sort.equals("-role") ? "/role" : "/email"));
            cursor = page.json().get("next").isNull() ? null : "&cursor=" + page.at("/next");
        }
        int all = server.owner.get("/api/v1/members?limit=200").items("/id").size();
        assertThat(seen).hasSize(all);
        List<String> sorted = seen.stream().sorted().toList();
        if (!sort.endsWith("createdAt")) {
            assertThat(seen).isEqualTo(sort.startsWith("-") ? sorted.reversed() : sorted);
        } else {
            assertThat(sort.startsWith("-") ? seen.getLast() : seen.getFirst()).isEqualTo("owner@example.com");
        }
    }

    @Test
    void membersAreFoundByAddressNameAndId() {
        Person one = person("support");
        one.client().patch(one.path(), "{'name':'Zoe Quill'}");
        for (String search : List.of("zoe", "ZOE Q", one.email().substring(0, 9).toUpperCase(), one.id())) {
            assertThat(server.owner
                            .get("/api/v1/members?search=" + TestingClient.encoded(search))
                            .items("/id"))
                    .as(search)
                    .contains(one.id());
        }
        assertThat(server.owner.get("/api/v1/members?search=%25").items("/id")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"developer", "support", "analytics"})
    void whoManagesNobodySeesOnlyThemselves(String role) {
        Person one = person(role);
        assertThat(one.client().get("/api/v1/members").status()).isEqualTo(403);
        assertThat(one.client().get(admin.path()).status()).isEqualTo(403);
        assertThat(role(one.client(), admin.id(), "developer").status()).isEqualTo(403);
        assertThat(remove(one.client(), developer.id(), "{}").status()).isEqualTo(403);
        assertThat(one.client().get(one.path()).at("/member/role")).isEqualTo(role);
        assertThat(one.client().patch(one.path(), "{'name':'Me'}").at("/member/name"))
                .isEqualTo("Me");
        assertThat(one.client().patch(one.path(), "{'name':null}").at("/member/name"))
                .isEmpty();
    }

    @Test
    void memberOfAnotherOrganizationIsNotThere() {
        Answer missing = server.other.get("/api/v1/members/mem_0000000000000000");
        for (Answer foreign : List.of(
                server.other.get(admin.path()),
                role(server.other, admin.id(), "support"),
                remove(server.other, admin.id(), "{}"),
                server.other.post(admin.path() + "/recovery-link"))) {
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(foreign.at("/detail")).isEqualTo(missing.at("/detail"));
        }
        assertThat(admin.client().get("/api/v1/me").status()).isEqualTo(200);
    }

    @Test
    void roleIsChangedOnlyByWhoManagesTheOldAndTheNewOne() {
        Person one = person("support");
        assertThat(role(admin.client(), one.id(), "developer").at("/member/role"))
                .isEqualTo("developer");
        assertThat(role(admin.client(), one.id(), "admin").status()).isEqualTo(403);
        assertThat(role(admin.client(), one.id(), "owner").status()).isEqualTo(403);
        assertThat(role(server.owner, one.id(), "admin").at("/member/role")).isEqualTo("admin");
        assertThat(role(admin.client(), one.id(), "support").status()).isEqualTo(403);
        assertThat(role(admin.client(), admin.id(), "developer").status()).isEqualTo(403);
        assertThat(role(admin.client(), admin.id(), "owner").status()).isEqualTo(403);
        assertThat(role(server.owner, one.id(), "boss").pointers()).containsExactly("/role");
        assertThat(role(server.owner, one.id(), "analytics").status()).isEqualTo(200);
        assertThat(admin.client().patch(one.path(), "{'name':'By Admin'}").status())
                .isEqualTo(200);
        assertThat(admin.client()
                        .patch("/api/v1/members/" + owner(), "{'name':'No'}")
                        .status())
                .isEqualTo(403);
    }

    private String owner() {
        return server.owner.get("/api/v1/me").at("/member/id");
    }

    @Test
    void newRoleIsInForceWithTheNextCall() {
        Person one = person("admin");
        assertThat(one.client().get("/api/v1/members").status()).isEqualTo(200);
        role(server.owner, one.id(), "analytics");
        assertThat(one.client().get("/api/v1/members").status()).isEqualTo(403);
    }

    @Test
    void memberIsChangedOnlyInTheVersionThatWasMeant() {
        Person one = person("support");
        String tag = one.client().get(one.path()).header("ETag");
        Answer changed = server.owner.patch(one.path(), "{'role':'analytics','name':'A'}", "If-Match", tag);
        assertThat(changed.header("ETag")).isNotEqualTo(tag);
        assertThat(server.owner
                        .patch(one.path(), "{'role':'support'}", "If-Match", tag)
                        .status())
                .isEqualTo(412);
        assertThat(server.owner.patch(one.path(), "{'role':'analytics'}").header("ETag"))
                .isEqualTo(changed.header("ETag"));
        assertThat(server.owner.get("/api/v1/audit?target=" + one.id()).items("/action"))
                .contains("member.updated", "member.created");
    }

    @Test
    void whoIsRemovedCanDoNothingFromThenOn() {
        Person one = person("analytics");
        Answer link = server.owner.post(one.path() + "/recovery-link");
        server.byHand("INSERT INTO portal_sessions (id, digest, member_id, members, browser, created_at, seen_at,"
                + " confirmed_at, ends_at) VALUES ('s-" + one.id() + "', 'd-" + one.id() + "', '" + one.id() + "', '"
                + one.id() + "', '', 0, 0, 0, 0)");
        Answer removed = remove(server.owner, one.id(), "{}");
        assertThat(removed.status()).as(removed.text()).isEqualTo(200);
        assertThat(removed.at("/keys") + removed.at("/projects")).isEqualTo("00");
        assertThat(one.client().get("/api/v1/me").status()).isEqualTo(401);
        assertThat(server.nobody
                        .post("/api/v1/recover", "{'code':'" + People.code(link) + "'}")
                        .status())
                .isEqualTo(401);
        assertThat(server.rows().get("portal_sessions").toString()).doesNotContain(one.id());
        assertThat(server.owner.get(one.path()).status()).isEqualTo(404);
        assertThat(server.owner.get("/api/v1/audit?limit=5").items("/action"))
                .contains("member.removed", "token.deleted");
        String again = People.join(server, server.owner, one.email(), "support");
        assertThat(again).as("the address is free again").isNotEqualTo(one.id());
    }

    @Test
    void keysAndProjectsOfWhoGoesGetTheOwnerThatIsNamed() {
        Person leaving = person("developer");
        Person heir = person("developer");
        Person support = person("support");
        String project =
                leaving.client().post("/api/v1/projects", "{'name':'Theirs'}").at("/project/id");
        Answer key =
                leaving.client().post("/api/v1/keys", "{'name':'Theirs','type':'web','projectId':'" + project + "'}");
        server.byHand(
                "UPDATE keys SET owner_id = '" + leaving.id() + "' WHERE id = '" + key.at("/key/id") + "'",
                "UPDATE projects SET owner_id = '" + leaving.id() + "' WHERE id = '" + project + "'");
        Map<String, List<List<Object>>> before = server.things();
        Answer unnamed = remove(server.owner, leaving.id(), "{}");
        assertThat(unnamed.status()).isEqualTo(409);
        assertThat(unnamed.pointers()).containsExactly("/newOwnerId");
        assertThat(unnamed.at("/detail")).contains("1 key and 1 project", owner());
        for (String wrong : List.of(leaving.id(), support.id(), "mem_0000000000000000", server.organization)) {
            Answer refused = remove(server.owner, leaving.id(), "{'newOwnerId':'" + wrong + "'}");
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.pointers()).containsExactly("/newOwnerId");
        }
        assertThat(server.things()).isEqualTo(before);

        Answer removed = remove(leaving.client(), leaving.id(), "{'newOwnerId':'" + heir.id() + "'}");
        assertThat(removed.status()).as(removed.text()).isEqualTo(200);
        assertThat(removed.at("/keys") + removed.at("/projects")).isEqualTo("11");
        assertThat(server.rows().get("keys").toString()).contains(heir.id());
        assertThat(server.rows().get("projects").toString()).contains(heir.id()).doesNotContain(leaving.id());
        assertThat(server.code(key.at("/token"))).as("the key goes on working").isEqualTo("VALID");
    }

    @Test
    void adminRemovesThoseBelowAndNobodyElse() {
        Person peer = person("admin");
        assertThat(remove(admin.client(), peer.id(), "{}").status()).isEqualTo(403);
        assertThat(remove(admin.client(), owner(), "{}").status()).isEqualTo(403);
        assertThat(remove(admin.client(), person("developer").id(), "{}").status())
                .isEqualTo(200);
    }

    @Test
    void lastOwnerStaysOne() {
        Person owner = freshOwner();
        for (Answer refused : List.of(
                role(owner.client(), owner.id(), "admin"),
                remove(owner.client(), owner.id(), "{}"),
                server.operator.patch(
                        owner.path(), "{'role':'admin'}", "Keyrack-Organization", "fresh" + (number - 1)))) {
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.at("/detail")).contains("another member an Owner first");
        }
        Person second = People.person(server, owner.client(), "second" + number++ + "@example.com", "owner");
        assertThat(role(owner.client(), owner.id(), "developer").status()).isEqualTo(200);
        assertThat(remove(second.client(), second.id(), "{}").status()).isEqualTo(409);
    }

    private interface Act {
        Answer by(Person one, Person other);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoOwnersWhoEndEachOtherAtOnceOneStays(boolean demote) throws Exception {
        Act act = demote
                ? (one, other) -> role(one.client(), other.id(), "support")
                : (one, other) -> remove(one.client(), other.id(), "{}");
        for (int round = 0; round < 8; round++) {
            Person one = freshOwner();
            Person other = People.person(server, one.client(), "peer" + number++ + "@example.com", "owner");
            CyclicBarrier together = new CyclicBarrier(2);
            List<Integer> statuses = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
                List<Callable<Answer>> calls = List.of(
                        () -> {
                            together.await();
                            return act.by(one, other);
                        },
                        () -> {
                            together.await();
                            return act.by(other, one);
                        });
                for (Future<Answer> answer : threads.invokeAll(calls)) {
                    statuses.add(answer.get().status());
                }
            }
            assertThat(statuses).as("round " + round).containsOnlyOnce(200);
            List<String> roles = new ArrayList<>();
            for (Person each : List.of(one, other)) {
                Answer me = each.client().get("/api/v1/me");
                roles.add(me.status() == 200 ? me.at("/member/role") : "gone");
            }
            assertThat(roles).containsOnlyOnce("owner");
        }
    }

    @Test
    void linkForAMemberIsMadeByWhoManagesThem() {
        Person support = person("support");
        String before = support.token();
        Answer link = admin.client().post(support.path() + "/recovery-link");
        assertThat(link.at("/member/id")).isEqualTo(support.id());
        assertThat(link.at("/link")).matches("http://127\\.0\\.0\\.1:[0-9]+/recover#[0-9a-f]{48}");
        Answer set = server.nobody.post(
                "/api/v1/recover", "{'code':'" + People.code(link) + "','password':'seven grey boats at noon'}");
        assertThat(set.at("/member/id")).as(set.text()).isEqualTo(support.id());
        assertThat(server.nobody.as("x-api-key", before).get("/api/v1/me").status())
                .as("the personal token stays")
                .isEqualTo(200);
        assertThat(admin.client()
                        .post("/api/v1/members/" + owner() + "/recovery-link")
                        .status())
                .isEqualTo(403);
        assertThat(admin.client().post(admin.path() + "/recovery-link").status())
                .as("for oneself")
                .isEqualTo(403);
        assertThat(support.client().post(developer.path() + "/recovery-link").status())
                .isEqualTo(403);
    }

    @Test
    void passwordIsChangedByWhoKnowsItAndSessionsEnd() {
        Person one = person("developer");
        String path = "/api/v1/me/password";
        server.byHand("INSERT INTO portal_sessions (id, digest, member_id, members, browser, created_at, seen_at,"
                + " confirmed_at, ends_at) VALUES ('p-" + one.id() + "', 'p-" + one.id() + "', '" + one.id() + "', '"
                + one.id() + "', '', 0, 0, 0, 0)");
        Answer wrong = one.client().post(path, "{'current':'not it at all','password':'seven grey boats at noon'}");
        assertThat(wrong.pointers()).containsExactly("/current");
        Answer common = one.client().post(path, "{'current':'" + People.PASSWORD + "','password':'passwordpassword'}");
        assertThat(common.pointers()).containsExactly("/password");
        Answer own = one.client().post(path, "{'current':'" + People.PASSWORD + "','password':'" + one.email() + "'}");
        assertThat(own.pointers()).containsExactly("/password");
        assertThat(server.rows().get("portal_sessions").toString()).contains(one.id());
        assertThat(one.client()
                        .post(path, "{'current':'" + People.PASSWORD + "','password':'seven grey boats at noon'}")
                        .status())
                .isEqualTo(204);
        assertThat(server.rows().get("portal_sessions").toString()).doesNotContain(one.id());
        assertThat(one.client()
                        .post(path, "{'current':'" + People.PASSWORD + "','password':'nine green boats at noon'}")
                        .pointers())
                .containsExactly("/current");
        assertThat(server.owner.get("/api/v1/audit?target=" + one.id()).items("/action"))
                .contains("password.changed");
        assertThat(server.owner
                        .post(path, "{'current':'x','password':'seven grey boats at noon'}")
                        .status())
                .as("who has none needs a link")
                .isEqualTo(409);
        assertThat(server.operator.post(path, "{'current':'x','password':'y'}").status())
                .isEqualTo(403);
        String everything = server.rows() + server.log.text();
        assertThat(everything).doesNotContain(People.PASSWORD, "seven grey boats");
    }
}
