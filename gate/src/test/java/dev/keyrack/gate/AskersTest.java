package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Promise: nobody verifies a key who may not, and an asker of one organization learns nothing of another's keys. */
@TestInstance(Lifecycle.PER_CLASS)
class AskersTest {
    private static final String HEADER = "Keyrack-Verifier";

    private TestingGate near;
    private TestingGate wide;
    private TestingGate trusting;

    @BeforeAll
    void start() {
        near = TestingGate.start();
        wide = TestingGate.start(GateSettings.at("0.0.0.0", 0));
        trusting = TestingGate.start(GateSettings.at("0.0.0.0", 0).trusting(List.of("127.0.0.0/8", "2001:db8::/32")));
    }

    @AfterAll
    void stop() {
        near.close();
        wide.close();
        trusting.close();
    }

    /** The status of verify, authorize and introspect for a good token, asked with these headers. */
    private static List<Integer> statuses(TestingGate gate, String... headers) {
        String token = gate.keys.active.token();
        String[] withToken = java.util.Arrays.copyOf(headers, headers.length + 2);
        withToken[headers.length] = "x-api-key";
        withToken[headers.length + 1] = token;
        return List.of(
                gate.verify(token, headers).statusCode(),
                gate.get("/v1/authorize", withToken).statusCode(),
                gate.introspect("token=" + token, headers).statusCode());
    }

    @Test
    void onLoopbackCallersNeedNoVerifierKey() {
        assertThat(statuses(near)).containsExactly(200, 204, 200);
    }

    @Test
    void onLoopbackWhatAProxyPassedOnNeedsAVerifierKeyExceptToAuthorize() {
        for (String header :
                new String[] {"Forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Anything", "Via"}) {
            assertThat(statuses(near, header, "for=192.0.2.1")).as(header).containsExactly(401, 204, 401);
            assertThat(statuses(near, header, "for=192.0.2.1", HEADER, near.keys.operatorAsker.token()))
                    .containsExactly(200, 204, 200);
        }
        HttpResponse<String> answer = near.verify(near.keys.active.token(), "Via", "1.1 proxy");
        assertThat(answer.body()).contains("\"code\":\"unauthenticated\"", "Keyrack-Verifier");
        assertThat(answer.headers().firstValue("www-authenticate")).isPresent();
        assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
    }

    @Test
    void boundWiderNobodyIsTrustedWithoutAVerifierKey() {
        assertThat(statuses(wide)).containsExactly(401, 401, 401);
        assertThat(statuses(wide, HEADER, wide.keys.acmeAsker.token())).containsExactly(200, 204, 200);
    }

    @Test
    void boundWiderOnlyTrustedNetworksNeedNoVerifierKey() {
        assertThat(statuses(trusting)).containsExactly(200, 204, 200);
        assertThat(statuses(trusting, "X-Forwarded-For", "192.0.2.1")).containsExactly(401, 204, 401);
        try (TestingGate elsewhere =
                TestingGate.start(GateSettings.at("0.0.0.0", 0).trusting(List.of("192.0.2.0/24")))) {
            assertThat(statuses(elsewhere)).containsExactly(401, 401, 401);
            assertThat(statuses(elsewhere, "X-Forwarded-For", "192.0.2.1")).containsExactly(401, 401, 401);
        }
    }

    @Test
    void callerThatArrivesOverIpv6CountsByItsIpv4Address() {
        try (TestingGate both = TestingGate.start(GateSettings.at("::", 0).trusting(List.of("127.0.0.0/8")))) {
            assertThat(statuses(both)).containsExactly(200, 204, 200);
        }
    }

    @Test
    void badVerifierKeyIsNeverMadeUpForByTheNetwork() {
        TestingKeys keys = near.keys;
        for (String bad : new String[] {
            "",
            "nonsense",
            keys.unknown,
            keys.active.token(),
            keys.revokedAsker.token(),
            keys.webAsker.token(),
            keys.wildcardAsker.token(),
            keys.personal
        }) {
            assertThat(statuses(near, HEADER, bad)).as(bad).containsExactly(401, 401, 401);
        }
        String good = keys.operatorAsker.token();
        assertThat(statuses(near, HEADER, good, HEADER, good)).containsExactly(401, 401, 401);
        HttpResponse<String> answer = near.verify(keys.active.token(), HEADER, keys.revokedAsker.token());
        assertThat(answer.body())
                .contains("\"code\":\"unauthenticated\"", "REVOKED")
                .doesNotContain("keyId");
    }

    @Test
    void askerOfAnOrganizationVerifiesThatOrganizationsKeysOnly() {
        TestingKeys keys = wide.keys;
        assertThat(wide.verify(keys.active.token(), HEADER, keys.acmeAsker.token())
                        .body())
                .contains("\"VALID\"");
        for (String foreign : new String[] {keys.others.token(), keys.suspended.token(), keys.otherAsker.token()}) {
            assertThat(wide.verify(foreign, HEADER, keys.acmeAsker.token()).body())
                    .isEqualTo("{\"valid\":false,\"code\":\"UNKNOWN\"}");
            HttpResponse<String> authorize =
                    wide.get("/v1/authorize", HEADER, keys.acmeAsker.token(), "x-api-key", foreign);
            assertThat(authorize.statusCode()).isEqualTo(401);
            assertThat(authorize.headers().firstValue("keyrack-code")).contains("UNKNOWN");
        }
        assertThat(wide.verify(keys.active.token(), HEADER, keys.otherAsker.token())
                        .body())
                .contains("\"UNKNOWN\"");
    }

    @Test
    void askerOfTheOperatorVerifiesEveryKey() {
        TestingKeys keys = wide.keys;
        for (TestingKeys.Key key : List.of(keys.active, keys.others)) {
            assertThat(wide.verify(key.token(), HEADER, keys.operatorAsker.token())
                            .body())
                    .contains("\"VALID\"");
        }
        assertThat(wide.verify(keys.suspended.token(), HEADER, keys.operatorAsker.token())
                        .body())
                .contains("\"SUSPENDED\"");
    }

    @Test
    void askerIsRefusedAsSoonAsItsKeyIsRevokedEvenWhileItsQuestionArrives() throws Exception {
        try (TestingGate own = TestingGate.start(GateSettings.at("0.0.0.0", 0));
                java.net.Socket socket = own.connect()) {
            String body = "{\"token\":\"" + own.keys.active.token() + "\"}";
            String head =
                    "POST /v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
                            + HEADER + ": " + own.keys.acmeAsker.token() + "\r\nContent-Length: " + body.length()
                            + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(TestingGate.readAnswer(socket.getInputStream())).startsWith("HTTP/1.1 100 ");
            own.keys.revoke(own.keys.acmeAsker);
            socket.getOutputStream().write(body.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(TestingGate.readAnswer(socket.getInputStream())).startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void verifierKeyThatCannotBeJudgedIsAnsweredWith503() {
        try (TestingGate empty = TestingGate.startEmpty()) {
            assertThat(statuses(empty, HEADER, empty.keys.operatorAsker.token()))
                    .containsExactly(503, 503, 503);
            assertThat(statuses(empty, HEADER, "nonsense")).containsExactly(401, 401, 401);
            empty.keys.load();
            empty.keys.halt();
            assertThat(statuses(empty, HEADER, empty.keys.operatorAsker.token()))
                    .containsExactly(503, 503, 503);
        }
    }

    @Test
    void startTellsWhoIsTrusted() {
        assertThat(near.gate.trust().getFirst()).contains("on this machine");
        assertThat(wide.gate.trust()).singleElement().asString().contains("nobody");
        assertThat(trusting.gate.trust().getFirst()).contains("127.0.0.0/8, 2001:db8::/32");
    }
}
