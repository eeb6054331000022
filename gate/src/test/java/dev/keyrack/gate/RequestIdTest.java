package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Promise: a token that a caller sends as the name of its request is neither kept, nor answered, nor logged. */
class RequestIdTest {
    @Test
    void tokenIsNoRequestId() {
        try (TestingGate gate = TestingGate.start()) {
            for (String token : new String[] {gate.keys.active.token(), gate.keys.unknown, gate.keys.personal}) {
                HttpResponse<String> answer = gate.get("/nowhere", "X-Request-Id", token);
                assertThat(answer.headers().firstValue("x-request-id"))
                        .hasValueSatisfying(id -> assertThat(id).matches("[0-9a-v]{12}"));
                assertThat(answer.body()).contains("requestId").doesNotContain(token);
                assertThat(RequestId.of(token)).isNotEqualTo(token);
            }
            String almost = gate.keys.active.token().substring(1);
            assertThat(RequestId.of(almost)).as("what is no token").isEqualTo(almost);
        }
    }
}
