package dev.keyrack.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.engines.TestingPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: gates know of an overlap when the call has returned, and end it at its time without being told again. */
class RotationOnGatesTest {
    @TempDir
    Path folder;

    private static HttpResponse<String> authorize(Api gate, String token) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(gate.url() + "/v1/authorize"))
                            .header("x-api-key", token)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void overlapIsKnownOnEveryGateAndEndsThereAtItsTime() throws Exception {
        TestingPostgres postgres = TestingPostgres.shared();
        String url = postgres.url(postgres.freshDatabase());
        try (KeyrackProcess control = Program.in(folder.resolve("serve"))
                        .with("KEYRACK_DATABASE_URL", url)
                        .serve();
                GateProcess following = Program.in(folder.resolve("gate"))
                        .with("KEYRACK_DATABASE_URL", url)
                        .gate()) {
            Api gate = following.gate();
            Api desk = control.control().as(SampleStore.setUp(control));
            String first = SampleStore.key(desk, SampleStore.project(desk), "server");
            String path = "/api/v1/keys/" + first.substring(7, 18);

            Api.Answer long2 = desk.post(path + "/regenerate", Map.of("overlapSeconds", 3600));
            String second = long2.text("/token");
            assertThat(gate.verdict(second)).isEqualTo("VALID");
            HttpResponse<String> old = authorize(gate, first);
            assertThat(old.statusCode()).isEqualTo(204);
            assertThat(old.headers().firstValue("Deprecation")).isPresent();
            assertThat(old.headers().firstValue("Sunset")).isPresent();
            assertThat(old.headers().firstValue("Keyrack-Generation")).hasValue("1");

            assertThat(desk.post(path + "/end-overlap", Map.of()).status()).isEqualTo(200);
            assertThat(gate.verdict(first)).isEqualTo("REVOKED");
            assertThat(gate.verdict(second)).isEqualTo("VALID");

            Api.Answer short2 = desk.post(path + "/regenerate", Map.of("overlapSeconds", 3));
            assertThat(gate.verdict(short2.text("/token"))).isEqualTo("VALID");
            Instant end = Instant.parse(short2.text("/key/tokens/1/endsAt"));
            Wait.until("the overlap has ended", () -> {
                Instant asked = Instant.now();
                String verdict = gate.verdict(second);
                if (verdict.equals("VALID")) {
                    assertThat(asked).isBefore(end.plusSeconds(1));
                }
                return verdict.equals("REVOKED");
            });

            // Started after all of it: from the snapshot alone.
            Api.Answer third = desk.post(path + "/regenerate", Map.of("overlapSeconds", 3600));
            try (GateProcess late = Program.in(folder.resolve("late"))
                    .with("KEYRACK_DATABASE_URL", url)
                    .gate()) {
                HttpResponse<String> there = authorize(late.gate(), short2.text("/token"));
                HttpResponse<String> here = authorize(gate, short2.text("/token"));
                assertThat(there.statusCode()).isEqualTo(204);
                for (String name : new String[] {"Deprecation", "Sunset", "Keyrack-Generation"}) {
                    assertThat(there.headers().firstValue(name))
                            .as(name)
                            .isPresent()
                            .isEqualTo(here.headers().firstValue(name));
                }
                assertThat(late.gate().verdict(first)).isEqualTo("REVOKED");
                assertThat(late.gate().verdict(third.text("/token"))).isEqualTo("VALID");
            }
        }
    }
}
