package dev.keyrack.server;

import static dev.keyrack.server.TestingVisitor.fresh;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Promise: whoever has many addresses has no more conversations for it. */
@Tag("engines")
class VisitorAddressTest {
    /** What one household has of IPv6 is a network of 64 bits, out of which it can take a new address for each call. */
    @Test
    void networkOf64BitsIsOneAddressAndIpv4InTheFormOfIpv6IsWhatItStandsFor() {
        try (TestingServer server = TestingServer.start(Map.of("KEYRACK_CLIENT_ADDRESS", "X-Forwarded-For:1"))) {
            String token = server.make("web").token();
            for (int host = 1; host <= 5; host++) {
                assertThat(begun(server, token, "2001:db8:1:2:" + host + "::" + host))
                        .isEqualTo(201);
                assertThat(begun(server, token, (host % 2 == 0 ? "" : "::ffff:") + "192.0.2.1"))
                        .isEqualTo(201);
            }
            assertThat(begun(server, token, "2001:db8:1:2:ffff::")).isEqualTo(429);
            assertThat(begun(server, token, "::ffff:192.0.2.1")).isEqualTo(429);
            assertThat(begun(server, token, "2001:db8:1:3::1")).isEqualTo(201);
            assertThat(begun(server, token, "::ffff:192.0.2.2")).isEqualTo(201);
        }
    }

    /** What becomes of a new visitor's first conversation, from this address. */
    private static int begun(TestingServer server, String token, String address) {
        TestingClient page = server.nobody.as("Origin", TestingVisitor.PAGE, "X-Forwarded-For", address);
        String access =
                page.post("/assistant/v1/sessions", "{'key':'" + token + "'}").at("/access");
        return page.post(
                        "/assistant/v1/conversations",
                        "{}",
                        "Idempotency-Key",
                        fresh(),
                        "Authorization",
                        "Bearer " + access)
                .status();
    }
}
