package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Promise: an Owner who lost their token gets back in through whoever holds the data folder, and nobody else does. */
class RecoveryTest {
    private TestingServer server;

    @BeforeEach
    void start() {
        server = TestingServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Answer offer(String email) {
        return server.operator.post("/api/v1/recovery-links", "{'email':'" + email + "'}");
    }

    private static String code(Answer offered) {
        assertThat(offered.status()).isEqualTo(200);
        String link = offered.at("/link");
        assertThat(link).matches("http://127\\.0\\.0\\.1:[0-9]+/recover#[0-9a-f]{48}");
        return link.substring(link.indexOf('#') + 1);
    }

    private Answer use(String code) {
        return server.nobody.post("/api/v1/recover", "{'code':'" + code + "'}");
    }

    @Test
    void linkGivesTheOwnerANewTokenInPlaceOfTheFormer() {
        Answer offered = offer("owner@example.com");
        assertThat(server.owner.get("/api/v1/me").status())
                .as("until the link is used, the token works")
                .isEqualTo(200);

        Answer recovered = use(code(offered));
        assertThat(recovered.status()).isEqualTo(200);
        assertThat(recovered.json().get("owner")).isEqualTo(offered.json().get("owner"));
        TestingClient back = server.nobody.as("x-api-key", recovered.at("/token"));
        assertThat(back.get("/api/v1/me").at("/member/email")).isEqualTo("owner@example.com");
        assertThat(server.owner.get("/api/v1/me").status()).isEqualTo(401);
        assertThat(back.get("/api/v1/audit").items("/action")).contains("member.recovery.offered", "token.replaced");
    }

    @Test
    void linkWorksOnceHoweverManyTryItAtOnce() throws Exception {
        String code = code(offer("owner@example.com"));
        List<Integer> statuses;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> tries = threads.invokeAll(
                    Stream.<Callable<Integer>>generate(() -> () -> use(code).status())
                            .limit(8)
                            .toList());
            statuses = tries.stream().map(Future::resultNow).sorted().toList();
        }
        assertThat(statuses).containsExactly(200, 401, 401, 401, 401, 401, 401, 401);
    }

    @Test
    void newerLinkEndsTheFormer() {
        String former = code(offer("owner@example.com"));
        String newer = code(offer("owner@example.com"));
        assertThat(use(former).status()).isEqualTo(401);
        assertThat(use(newer).status()).isEqualTo(200);
    }

    @Test
    void linkEndsByItself() {
        String code = code(offer("owner@example.com"));
        server.byHand("UPDATE one_time_links SET ends_at = ends_at - 3600000000");
        assertThat(use(code).status()).isEqualTo(401);
        assertThat(server.owner.get("/api/v1/me").status()).isEqualTo(200);
    }

    @Test
    void everyCodeThatIsNotGoodGetsTheSameAnswer() {
        String code = code(offer("owner@example.com"));
        use(code);
        String used = use(code).at("/detail");
        assertThat(use("0".repeat(48)).at("/detail")).isEqualTo(used).contains("--reset-owner");
        assertThat(use("").status()).isEqualTo(401);
    }

    @Test
    void onlyTheHolderOfTheDataFolderMakesLinks() {
        assertThat(server.owner
                        .post("/api/v1/recovery-links", "{'email':'owner@example.org'}")
                        .status())
                .isEqualTo(404);
        assertThat(server.nobody
                        .post("/api/v1/recovery-links", "{'email':'owner@example.org'}")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void unknownAddressIsToldAndNothingIsMade() {
        Answer unknown = offer("nobody@example.com");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.pointers()).containsExactly("/email");
    }

    @Test
    void ownerOfSeveralOrganizationsIsAskedForWhich() {
        server.owner.post(
                "/api/v1/organizations", "{'name':'Third','subdomain':'third','ownerEmail':'owner@example.com'}");
        assertThat(offer("owner@example.com").status()).isEqualTo(400);
        Answer named = server.operator.post(
                "/api/v1/recovery-links", "{'email':'owner@example.com'}", "Keyrack-Organization", "third");
        assertThat(server.nobody
                        .as("x-api-key", use(code(named)).at("/token"))
                        .get("/api/v1/me")
                        .at("/organization/subdomain"))
                .isEqualTo("third");
    }
}
