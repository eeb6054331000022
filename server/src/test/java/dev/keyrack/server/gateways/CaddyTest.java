package dev.keyrack.server.gateways;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CaddyTest extends GatewayContract {
    CaddyTest() {
        super(Sample.CADDY);
    }

    /** nginx can only remove the names that it is told; Caddy removes what Keyrack may yet come to mean, too. */
    @Test
    void notEvenAKeyrackHeaderThatMeansNothingReachesTheBackEnd() {
        assertThat(visitor.get("/api/", "x-api-key", key.token(), "Keyrack-Anything", "forged")
                        .statusCode())
                .isEqualTo(200);

        assertThat(theOnlyReceived().header("Keyrack-Anything")).isEmpty();
    }
}
