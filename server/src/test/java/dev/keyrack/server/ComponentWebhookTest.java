package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.keyrack.server.browser.TestingBrowser;
import dev.keyrack.server.outbound.TestingBackend;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Promise: a webhook is told who a visitor is where the website's own backend has vouched for them, under a signature, and believes
 * nothing of what the page itself could say.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ComponentWebhookTest {
    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private TestingServer server;
    private TestingShop shop;

    @BeforeAll
    void start() {
        server = TestingServer.start(Map.of("KEYRACK_BACKEND_NETWORKS", "127.0.0.0/8"));
        shop = TestingShop.start(server);
    }

    @AfterAll
    void stop() {
        shop.close();
        server.close();
    }

    @Test
    void signedBodyHasTheCustomerWhoWasVouchedForAndNobodyForAGuest() throws Exception {
        try (TestingBackend backend = TestingBackend.saying("application/json", "{\"text\":\"On its way.\"}")) {
            Answer set = server.owner.patch(
                    "/api/v1/projects/" + server.project + "/assistant",
                    "{'backend':'webhook','webhook':{'url':'" + backend.url("/answer") + "'}}");
            assertThat(set.status()).as(set.text()).isEqualTo(200);
            String secret = set.at("/webhookSecret");
            server.minted.add(secret);
            TestingServer.Made key = server.make("web", ",'restrictions':{'websites':['" + shop.origin("shop") + "']}");
            Answer identityKey = server.owner.post(key.path() + "/identity-keys", "{}");
            shop.showHtml("<keyrack-assistant api-key=\"" + key.token()
                    + "\" customer=\"mallory\" name=\"Mallory\" data-customer=\"mallory\"></keyrack-assistant>");
            com.microsoft.playwright.Page page = BROWSER.page();
            page.navigate(shop.origin("shop") + "/");
            TestingChat chat = new TestingChat(page).open();
            chat.send("as a guest");
            assertThat(chat.reply()).hasText("On its way.");
            JsonNode guest = received(backend, secret);
            assertThat(guest.at("/visitor/customer").isNull()).isTrue();
            assertThat(guest.at("/visitor/locale").asString()).isEqualTo("en");

            chat.call("identify('" + TestingStage.vouched(key, identityKey, "customer/42") + "')");
            assertThat(chat.said()).hasCount(0);
            chat.send("as a customer");
            assertThat(chat.reply()).hasText("On its way.");
            JsonNode customer = received(backend, secret);
            assertThat(customer.at("/visitor/customer").asString()).isEqualTo("customer/42");
            assertThat(customer.at("/visitor/id")).isNotEqualTo(guest.at("/visitor/id"));
            assertThat(customer.at("/messages/0/text").asString()).isEqualTo("as a customer");
            assertThat(customer.at("/messages").size())
                    .as("nothing of what the guest said")
                    .isEqualTo(1);

            chat.call("logout()");
            chat.open().send("as somebody else");
            assertThat(chat.reply()).hasText("On its way.");
            assertThat(received(backend, secret).at("/visitor/customer").isNull())
                    .isTrue();
        }
    }

    /** What came, once its signature was found good; and no longer good with anybody else in it. */
    private static JsonNode received(TestingBackend backend, String secret) throws Exception {
        TestingBackend.Received received = backend.received();
        HttpHeaders headers = HttpHeaders.of(
                received.headers().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue()))),
                (name, value) -> true);
        Webhook webhook = new Webhook(secret);
        webhook.verify(received.body(), headers);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> webhook.verify(
                        received.body()
                                .replace("\"customer\":null", "\"customer\":\"bob\"")
                                .replace("42", "43"),
                        headers)))
                .isNotNull();
        assertThat(received.body()).doesNotContain("allory");
        return JsonMapper.shared().readTree(received.body());
    }
}
