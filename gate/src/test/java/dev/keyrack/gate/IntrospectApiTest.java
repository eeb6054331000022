package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: introspection is RFC 7662, and says of a token that is not good nothing but that. */
@TestInstance(Lifecycle.PER_CLASS)
class IntrospectApiTest {
    private TestingGate gate;
    private TestingKeys keys;

    @BeforeAll
    void start() {
        gate = TestingGate.start();
        keys = gate.keys;
    }

    @AfterAll
    void stop() {
        gate.close();
    }

    @Test
    void goodTokenIsActive() {
        HttpResponse<String> answer =
                gate.introspect("token=" + keys.limited.token() + "&token_type_hint=access_token&extra=a%20b");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
        String id = keys.limited.id();
        assertThat(answer.body())
                .isEqualTo("{\"active\":true,\"sub\":\"" + id + "\",\"client_id\":\"" + id
                        + "\",\"token_type\":\"api_key\",\"scope\":\"chat.start chat.read\",\"exp\":1800086400,"
                        + "\"keyrack_type\":\"web\",\"keyrack_organization\":\"org_acme\","
                        + "\"keyrack_project\":\"prj_org_acme\",\"keyrack_generation\":1}");
        assertThat(gate.introspect("token=" + keys.active.token()).body())
                .doesNotContain("scope")
                .doesNotContain("exp");
    }

    @Test
    void tokenInItsOverlapExpiresWhenTheOverlapEnds() {
        assertThat(gate.introspect("token=" + keys.overlapping).body()).contains("\"exp\":1800003600,");
        assertThat(gate.introspect("token=" + keys.overlappingExpiring).body()).contains("\"exp\":1800003600,");
        assertThat(gate.introspect("token=" + keys.rotated.token()).body()).doesNotContain("exp");
    }

    @Test
    void everyOtherTokenIsInactiveAndNoMore() {
        for (String token : new String[] {
            keys.revoked.token(),
            keys.expired.token(),
            keys.disabled.token(),
            keys.suspended.token(),
            keys.superseded,
            keys.unknown,
            keys.personal,
            "nonsense",
            ""
        }) {
            HttpResponse<String> answer = gate.introspect("token=" + token);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"active\":false}");
        }
        assertThat(gate.introspect("token=" + keys.others.token(), "Keyrack-Verifier", keys.acmeAsker.token())
                        .body())
                .isEqualTo("{\"active\":false}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a=b", "token=a&token=a", "token=a&token=b", "token=%", "token=%ff", "token=a b", "Token=a"})
    void formWithoutExactlyOneTokenIsAnInvalidRequest(String form) {
        HttpResponse<String> answer = gate.introspect(form);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"error\":\"invalid_request\"", "\"code\":\"invalid_request\"");
    }

    @Test
    void bodyMustBeAForm() {
        HttpResponse<String> answer = gate.send(gate.to("/v1/introspect")
                .header("Content-Type", "application/json")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(gate.get("/v1/introspect").statusCode()).isEqualTo(405);
    }

    @Test
    void staleIsNeitherActiveNorInactive() {
        try (TestingGate empty = TestingGate.startEmpty()) {
            HttpResponse<String> answer = empty.introspect("token=" + empty.keys.active.token());
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("\"code\":\"stale\"").doesNotContain("active");
        }
    }
}
