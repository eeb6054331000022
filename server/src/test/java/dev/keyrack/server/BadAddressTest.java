package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: an address, method or query that is none is refused with a problem, and changes nothing. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class BadAddressTest {
    private TestingServer server;
    private Made key;

    @BeforeAll
    void start() {
        server = TestingServer.start();
        key = server.make("web");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String filled(String text) {
        return text.replace("{key}", key.id())
                .replace("{project}", server.project)
                .replace("{kid}", "idk_0000000000000000")
                .replace("{conversation}", "cnv_0000000000000000")
                .replace("{entry}", "ent_0000000000000000")
                .replace("{id}", key.id());
    }

    private TestingClient caller(String path) {
        return path.equals("/api/v1/setup") ? server.operator : server.owner;
    }

    /** Each address of the management API with its methods, from the contract. */
    private static Map<String, Set<String>> addresses() {
        Map<String, Set<String>> addresses = new TreeMap<>(Contract.addresses());
        addresses.keySet().removeIf(path -> !path.startsWith("/api/v1/") && !path.startsWith("/health/"));
        return addresses;
    }

    /** The media type that it takes. */
    private static String sent(String method, String path) {
        if (path.endsWith("/logo") && method.equals("PUT")) {
            return "image/png";
        }
        boolean csv = path.endsWith("/entries/import") || (path.endsWith("/entries") && method.equals("PUT"));
        return csv ? "text/csv" : "application/json";
    }

    @Test
    void answerInAnotherFormThanJsonIsNotToBeHad() {
        Map<String, List<List<Object>>> before = server.things();
        addresses().forEach((path, methods) -> {
            for (String method : methods) {
                for (String accept : List.of("text/html", "application/xml, image/*", "nonsense")) {
                    if (path.startsWith("/api/v1/")) {
                        Answer answer = caller(path)
                                .send(method, filled(path), sent(method, path), new byte[0], "Accept", accept);
                        assertThat(answer.status()).as(method + " " + path).isEqualTo(406);
                        assertThat(answer.code()).isEqualTo("not_acceptable");
                    }
                }
            }
        });
        assertThat(server.things()).isEqualTo(before);
        assertThat(server.owner
                        .get("/api/v1/me", "Accept", "text/html, application/json;q=0.1")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void addressAnswersToTheMethodsOfTheContractAndNamesThem() {
        Map<String, List<List<Object>>> before = server.things();
        addresses().forEach((path, methods) -> {
            for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "PURGE")) {
                if (methods.contains(method)) {
                    continue;
                }
                Answer answer = caller(path).send(method, filled(path), "application/json", "{}".getBytes());
                assertThat(answer.status()).as(method + " " + path).isEqualTo(405);
                assertThat(answer.code()).isEqualTo("method_not_allowed");
                assertThat(Set.copyOf(Arrays.asList(answer.header("Allow").split(", "))))
                        .isEqualTo(methods);
            }
        });
        assertThat(server.things()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1",
                "/api/v1/",
                "/api/v1/nothing",
                "/api/v1/keys/",
                "/api/v1/keys/x/y",
                "/api/v1/keys/x/disable/",
                "/api/v1/KEYS",
                "/api/v2/keys",
                "/error",
                "/actuator",
                "/actuator/health",
                "/nothing",
                "/v1/verify",
                "/api/assets/",
                "/api/assets/..",
                "/api/assets/nothing",
                "/favicon.ico",
                "//api/v1/keys",
                "/api//v1/keys"
            })
    void addressThatIsNoneIs404(String path) {
        Answer answer = server.owner.get(path);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("not_found");
        assertThat(server.owner.get(path, "Accept", "text/html").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/keys?limit=0",
                "/api/v1/keys?limit=201",
                "/api/v1/keys?limit=abc",
                "/api/v1/keys?limit=",
                "/api/v1/keys?limit=-1",
                "/api/v1/keys?limit=1.5",
                "/api/v1/keys?limit=99999999999999999999",
                "/api/v1/keys?limit=%EF%BC%95",
                "/api/v1/keys?limit=+5",
                "/api/v1/keys?limit=5&limit=5",
                "/api/v1/keys?cursor=",
                "/api/v1/keys?cursor=x",
                "/api/v1/keys?cursor=%00",
                "/api/v1/keys?cursor=!!",
                "/api/v1/keys?cursor=AAAA&sort=name",
                "/api/v1/keys?sort=",
                "/api/v1/keys?sort=id",
                "/api/v1/keys?sort=NAME",
                "/api/v1/keys?sort=name,type",
                "/api/v1/keys?sort=name&sort=name",
                "/api/v1/keys?sort=name%3BDROP%20TABLE%20keys",
                "/api/v1/keys?type=",
                "/api/v1/keys?type=x",
                "/api/v1/keys?type=web,",
                "/api/v1/keys?type=web&type=x",
                "/api/v1/keys?type=Web",
                "/api/v1/keys?state=x",
                "/api/v1/keys?state=active,gone",
                "/api/v1/keys?search=a&search=b",
                "/api/v1/keys?search=%00",
                "/api/v1/keys?unknown=1",
                "/api/v1/keys?Limit=5",
                "/api/v1/keys?subdomain=acme",
                "/api/v1/projects?type=web",
                "/api/v1/projects?limit=0",
                "/api/v1/projects?sort=type",
                "/api/v1/projects?cursor=x",
                "/api/v1/organizations?limit=0",
                "/api/v1/organizations?sort=name",
                "/api/v1/organizations?state=active",
                "/api/v1/organizations?cursor=x",
                "/api/v1/audit?limit=0",
                "/api/v1/audit/anchors?limit=0",
                "/api/v1/audit/anchors?organization=x",
                "/api/v1/audit?sort=at",
                "/api/v1/audit?action=x",
                "/api/v1/audit?action=",
                "/api/v1/audit?since=x",
                "/api/v1/audit?since=2026-01-01",
                "/api/v1/audit?until=%2B999999999-01-01T00:00:00Z",
                "/api/v1/audit?until=",
                "/api/v1/audit?actor=a&actor=b",
                "/api/v1/audit?search=a",
                "/api/v1/keys/{key}?fields=id",
                "/api/v1/me?x",
                "/api/v1/projects/{project}?x=1"
            })
    void queryThatDoesNotFitIsRefusedWithTheNameOfItsParameter(String target) {
        Answer answer = server.owner.get(filled(target));
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid_request");
        String last = target.replaceFirst(".*[?&]", "").replaceFirst("=.*", "");
        if (target.contains("AAAA")) {
            last = "cursor";
        }
        assertThat(answer.pointers()).containsExactly("?" + last);
    }

    @Test
    void longestParametersAreRead() {
        assertThat(server.owner.get("/api/v1/keys?search=" + "a".repeat(100)).status())
                .isEqualTo(200);
        for (String tooLong : List.of(
                "keys?search=",
                "keys?projectId=",
                "projects?search=",
                "audit?target=",
                "audit?actor=",
                "keys?cursor=")) {
            Answer refused = server.owner.get("/api/v1/" + tooLong + "a".repeat(101));
            assertThat(refused.status()).as(tooLong).isEqualTo(400);
            assertThat(server.owner
                            .get("/api/v1/" + tooLong + "a".repeat(9_000))
                            .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void callThatTakesNoQueryIsNotMadeWithOne() {
        Map<String, List<List<Object>>> before = server.things();
        List<Answer> answers = new ArrayList<>();
        answers.add(server.owner.delete(key.path() + "?dryRun=true"));
        answers.add(server.owner.post(key.path() + "/disable?dryRun=true"));
        answers.add(server.owner.patch(key.path() + "?dryRun=true", "{'name':'No'}"));
        answers.add(server.owner.post("/api/v1/projects?dryRun=true", "{'name':'No'}"));
        answers.add(server.owner.send(
                "POST", key.path() + "/disable?dryRun=true", "application/x-www-form-urlencoded", "a=b".getBytes()));
        for (Answer answer : answers) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.pointers()).containsExactly("?dryRun");
        }
        assertThat(server.things()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%00",
                "a%00b",
                "%2f",
                "..%2f..",
                "%5c",
                "%zz",
                "%",
                "%e4",
                "%c0%af",
                "%ed%a0%80",
                "a b",
                "a\u0001b",
                "a\"b",
                "<a>",
                "{a}",
                "a\\b",
                "a^b",
                "`",
                "|",
                "&=",
                "a=%zz"
            })
    void addressThatCannotBeReadIsAProblem(String id) {
        Map<String, List<List<Object>>> before = server.things();
        for (String request :
                List.of("GET /api/v1/keys/" + id, "DELETE /api/v1/keys/" + id, "GET /api/v1/keys?search=" + id)) {
            List<Answer> answers = server.exchange(request + " HTTP/1.1\r\nHost: x\r\nx-api-key: " + server.ownerToken
                    + "\r\nConnection: close\r\n\r\n");
            assertThat(answers).hasSize(1);
            Answer answer = answers.getFirst();
            boolean readable = request.contains("search")
                    && List.of("%2f", "..%2f..", "%5c").contains(id);
            assertThat(answer.status()).as(request).isIn(readable ? List.of(200) : List.of(400, 404));
            Contract.THE.hold(
                    "GET", "/api/v1/keys/" + key.id(), answer.status() < 400 ? server.owner.get(key.path()) : answer);
        }
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void idThatIsTooLongOrClimbsIsNotFound() {
        for (String id : List.of("x".repeat(10_000), "..%252f", "%F0%9F%98%80", "key;a=b", "%20")) {
            assertThat(server.owner.get("/api/v1/keys/" + id).status()).as(id).isEqualTo(404);
            assertThat(server.owner.get("/api/v1/projects/" + id).status()).isEqualTo(404);
        }
        for (String path : List.of(
                "/api/v1/keys/../nothing",
                "/api/v1/keys/%2e%2e/nothing",
                "/../../etc/passwd",
                "/api/assets/../../../application.properties",
                "/api/assets/..%5c..%5clogback.xml",
                "/api/assets/%2e%2e/%2e%2e/logback.xml")) {
            assertThat(server.owner.get(path).status()).as(path).isIn(400, 404);
        }
    }
}
