package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.keyrack.server.TestingCookies.Asked;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: the component shows nobody's cookies, whatever it asks for and wherever it stands. */
class ComponentCookiesTest {
    /** Each call that the component makes; a page of Keyrack's own has the options in it. */
    private static final Set<String> CALLS = Set.of(
            "GET /assistant/v1/components/{keyId}",
            "POST /assistant/v1/sessions",
            "DELETE /assistant/v1/sessions/current",
            "POST /assistant/v1/conversations",
            "GET /assistant/v1/conversations/{id}",
            "POST /assistant/v1/conversations/{id}/messages",
            "POST /assistant/v1/conversations/{id}/messages/{message}/rating",
            "GET /assistant/v1/conversations/{id}/stream",
            "POST /assistant/v1/conversations/{id}/cancel",
            "POST /assistant/v1/conversations/{id}/end");

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    /**
     * On a page of another origin whose cookies are Keyrack's, too, since cookies know no ports; and on one of Keyrack's own,
     * whose readers may be signed in there.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void serverThatSetsACookieNeverSeesItAgain(boolean own) {
        try (TestingCookies keyrack = TestingCookies.before(STAGE.url);
                TestingShop shop = TestingShop.start(keyrack.url())) {
            TestingServer.Made key = STAGE.server.make("web");
            STAGE.configure(key, "{'locale':'de','prompts':{'texts':['Kann ich helfen?']}}");
            STAGE.server.owner.send("PUT", key.path() + "/hosted-page", BodyPublishers.noBody());
            shop.show(key.token(), "");
            Page page = STAGE.browser.page();
            page.navigate(
                    own
                            ? keyrack.url() + "/a/" + STAGE.server.project
                            : "http://127.0.0.1:"
                                    + URI.create(shop.origin("shop")).getPort() + "/");
            TestingChat chat = new TestingChat(page);
            if (!own) {
                chat.open();
            }
            everyCall(chat);
            page.evaluate(
                    "url => fetch(url, { mode: 'no-cors', credentials: 'include' }).then(() => true)",
                    keyrack.url() + "/assistant/manifest.json");
            List<Asked> asked = keyrack.asked();
            assertThat(asked.stream().filter(Asked::shown).map(Asked::call))
                    .as("the browser has the cookie, and shows it to whoever wants it")
                    .contains("GET /assistant/manifest.json");
            assertThat(asked.stream().map(Asked::call).filter(call -> call.contains(" /assistant/v1/")))
                    .containsAll(
                            own
                                    ? CALLS.stream()
                                            .filter(call -> !call.contains("components"))
                                            .toList()
                                    : CALLS)
                    .allMatch(CALLS::contains);
            // A page of the same origin asks for modules as browsers do, and nobody can tell it otherwise.
            String component = own ? "/assistant/v1/.*" : "/assistant/(v1|chunks)/.*";
            assertThat(asked.stream().filter(each -> each.path().matches(component)))
                    .noneMatch(Asked::shown);
        }
    }

    private static void everyCall(TestingChat chat) {
        chat.echo("hello");
        chat.part("rating").first().click();
        assertThat(chat.part("rating").first()).hasAttribute("aria-pressed", "true");
        chat.send("wait");
        STAGE.saying("half ");
        assertThat(chat.reply()).hasText("half");
        chat.page().reload();
        assertThat(chat.reply()).hasText("half");
        chat.part("stop").click();
        assertThat(chat.part("stop")).isHidden();
        chat.part("new-conversation").click();
        assertThat(chat.said()).hasCount(0);
        chat.echo("again");
        chat.call("logout()");
    }
}
