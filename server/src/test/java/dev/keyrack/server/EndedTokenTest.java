package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Promise: a token that has ended has ended by any clock, also by one that is set back after the change. */
class EndedTokenTest {
    private static List<List<Object>> tokens(TestingServer server, String key) {
        return server.rows().get("key_tokens").stream()
                .filter(row -> row.getFirst().equals(key))
                .toList();
    }

    @Test
    void regeneratedAndRevokedTokensEndAtTheBeginningOfTime() {
        try (TestingServer server = TestingServer.start()) {
            TestingServer.Made made = server.make("web");
            assertThat(server.owner.post(made.path() + "/regenerate").status()).isEqualTo(200);
            assertThat(server.code(made.token())).isEqualTo("REVOKED");
            assertThat(tokens(server, made.id()))
                    .hasSize(2)
                    .anySatisfy(former -> assertThat(ends(former)).isZero());
            server.owner.delete(made.path());
            assertThat(tokens(server, made.id()))
                    .allSatisfy(token -> assertThat(ends(token)).isZero());
        }
    }

    private static long ends(List<Object> token) {
        Object endsAt = token.get(5);
        return endsAt == null ? Long.MAX_VALUE : ((Number) endsAt).longValue();
    }
}
