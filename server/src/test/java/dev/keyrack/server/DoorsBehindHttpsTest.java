package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.app.ControlFile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Promise: where people come by HTTPS, cookies are bound to it and to this host, and browsers stay with it. */
class DoorsBehindHttpsTest {
    @Test
    void cookiesAreBoundToHostAndHttpsAndTheBrowserStaysWithIt() {
        try (TestingServer server = TestingServer.start(Map.of("KEYRACK_PUBLIC_URL", "https://keys.example.com"))) {
            String url = ControlFile.read(server.data).orElseThrow().url();
            TestingReader visitor = new TestingReader(url, "");
            List<String> cookies = visitor.open("/sign-in").headers().allValues("Set-Cookie");
            assertThat(cookies).hasSize(1);
            assertThat(cookies.getFirst())
                    .startsWith("__Host-keyrack-visit=")
                    .contains("Secure", "HttpOnly", "SameSite=Lax", "Path=/")
                    .doesNotContain("Domain");
            for (String address : List.of("/sign-in", "/", "/nothing", "/api/v1/me", "/health/live")) {
                assertThat(visitor.open(address).header("Strict-Transport-Security"))
                        .as(address)
                        .isEqualTo("max-age=31536000");
            }
            assertThat(server.operator
                            .post(
                                    "/api/v1/recovery-links",
                                    "{'email':'owner@example.com'}",
                                    "Keyrack-Organization",
                                    "acme")
                            .at("/link"))
                    .startsWith("https://keys.example.com/recover#");
        }
    }
}
