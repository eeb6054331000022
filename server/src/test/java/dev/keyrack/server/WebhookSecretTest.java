package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.outbound.TestingBackend;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise: a program of the customer's can verify each call with the secret it has, also while that is replaced. */
class WebhookSecretTest extends TestingAssistant {
    @Test
    void webhookIsCalledWithTheSecretThatWasShownOnce() throws Exception {
        try (TestingBackend backend = TestingBackend.saying("application/json", "{\"text\":\"Hello\"}")) {
            Answer set = set("{'backend':'webhook','webhook':{'url':'" + backend.url("/answer") + "'}}");
            assertThat(set.status()).as(set.text()).isEqualTo(200);
            requireSigned(backend, set.at("/webhookSecret"));
            assertThat(server.owner.get(assistant).text())
                    .contains("\"secretSet\":true")
                    .doesNotContain("whsec_");
            assertThat(set("{'webhook':{'url':'" + backend.url("/other") + "'}}")
                            .json()
                            .at("/webhookSecret")
                            .isNull())
                    .isTrue();

            Answer replaced = replace("{'overlapSeconds':0}");
            assertThat(replaced.at("/webhookSecret")).startsWith("whsec_").isNotEqualTo(set.at("/webhookSecret"));
            requireSigned(backend, replaced.at("/webhookSecret"));
            assertThat(lastEvent().at("/action").asString()).isEqualTo("project.assistant-secret-replaced");
        }
    }

    private Answer replace(String body) {
        Answer replaced = server.owner.post(assistant + "/webhook-secret", body);
        assertThat(replaced.status()).as(replaced.text()).isEqualTo(200);
        return replaced;
    }

    private long overlap() {
        String end = server.owner.get(assistant).at("/assistant/webhook/formerSecretEndsAt");
        return Duration.between(Instant.now(), Instant.parse(end)).toMinutes();
    }

    private boolean overlaps() {
        return !server.owner
                .get(assistant)
                .json()
                .at("/assistant/webhook/formerSecretEndsAt")
                .isNull();
    }

    /** So that no call fails while a program gets the new one. */
    @Test
    void formerSecretOfAWebhookSignsBesideTheNewOneUntilTheEndOfTheOverlap() throws Exception {
        try (TestingBackend backend = TestingBackend.saying("application/json", "{\"text\":\"Hello\"}")) {
            String first = set("{'backend':'webhook','webhook':{'url':'" + backend.url("/answer") + "'}}")
                    .at("/webhookSecret");
            assertThat(overlaps()).isFalse();
            String second = replace("{}").at("/webhookSecret");
            requireSigned(backend, second, first);
            assertThat(overlap()).isBetween(1_430L, 1_440L);
            String third = replace("{'overlapSeconds':3600}").at("/webhookSecret");
            requireSigned(backend, third, second);
            assertThat(overlap()).isBetween(50L, 60L);
            // What else is set up leaves it alone.
            set("{'faq':{'fallback':'Other.'}}");
            requireSigned(backend, third, second);

            Answer ended = server.owner.post(assistant + "/webhook-secret/end-overlap");
            assertThat(ended.status()).as(ended.text()).isEqualTo(200);
            assertThat(lastEvent().at("/action").asString()).isEqualTo("project.assistant-overlap-ended");
            requireSigned(backend, third);
            assertThat(overlaps()).isFalse();
            long events = server.things().get("audit_events").size();
            assertThat(server.owner
                            .post(assistant + "/webhook-secret/end-overlap")
                            .header("ETag"))
                    .isEqualTo(ended.header("ETag"));
            assertThat(server.things().get("audit_events")).hasSize((int) events);

            String fourth = replace("{}").at("/webhookSecret");
            requireSigned(backend, fourth, third);
            server.byHand("UPDATE assistants SET webhook_former_until = 1 WHERE webhook_former_until IS NOT NULL");
            requireSigned(backend, fourth);
            assertThat(overlaps()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'overlapSeconds':-1}|/overlapSeconds",
                "{'overlapSeconds':2592001}|/overlapSeconds",
                "{'overlapSeconds':null}|/overlapSeconds",
                "{'overlap':1}|/overlap"
            })
    void overlapThatDoesNotFitIsRefusedAndTheSecretStays(String body, String pointer) {
        set("{'webhook':{'url':'https://assistant.example.com/'}}");
        Map<String, List<List<Object>>> before = server.things();
        Answer refused = server.owner.post(assistant + "/webhook-secret", body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.pointers()).containsExactly(pointer);
        assertThat(server.things()).isEqualTo(before);
    }

    /** @param secrets the newest first, and no others */
    private void requireSigned(TestingBackend backend, String... secrets) throws Exception {
        assertThat(ask("Hi").at("/text")).isEqualTo("Hello");
        TestingBackend.Received received = backend.received();
        List<String> signatures = new ArrayList<>();
        for (String secret : secrets) {
            signatures.add(signature(received, secret));
        }
        assertThat(received.headers()).containsEntry("webhook-signature", String.join(" ", signatures));
    }

    private static String signature(TestingBackend.Received received, String secret) throws Exception {
        byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        assertThat(key).hasSize(32);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        Map<String, String> headers = received.headers();
        long sent = Long.parseLong(headers.get("webhook-timestamp"));
        assertThat(Math.abs(sent - System.currentTimeMillis() / 1000)).isLessThan(60);
        byte[] signed =
                (headers.get("webhook-id") + "." + sent + "." + received.body()).getBytes(StandardCharsets.UTF_8);
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed));
    }
}
