package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Promise: what a web key's component shows, whom its host vouches for and where it is embedded can be set up on pages, without
 * a script; a form that fails keeps what was typed, and a secret is shown once.
 */
class ComponentPageTest {
    private static final Pattern SECRET = Pattern.compile("id=\"identity-secret\" data-token>([^<]+)<");
    private static final Pattern KID = Pattern.compile("name=\"kid\" value=\"([^\"]+)\"");
    private static final String HOSTILE = "\"><script>alert(1)</script>";

    private static TestingServer server;
    private static TestingReader owner;

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        owner = TestingReader.owner(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String page(TestingServer.Made key) {
        return "/settings/api-keys/" + key.id() + "/component";
    }

    /** All fields of the form, with these in place of the defaults. */
    private static String[] fields(String... others) {
        List<String> all = new ArrayList<>(List.of(others));
        String[] defaults = {
            "version",
            "0",
            "title",
            "Shop",
            "locale",
            "auto",
            "scheme",
            "auto",
            "accent",
            "#2457d6",
            "introMessages",
            "",
            "privacyUrl",
            "",
            "termsUrl",
            "",
            "messageLimit-kind",
            "unlimited",
            "button.size",
            "70",
            "button.side",
            "right",
            "button.bottomMargin",
            "10",
            "prompts.texts",
            "",
            "prompts.mode",
            "rotate",
            "prompts.seconds",
            "5"
        };
        for (int i = 0; i < defaults.length; i += 2) {
            if (!List.of(others).contains(defaults[i])) {
                all.addAll(List.of(defaults[i], defaults[i + 1]));
            }
        }
        return all.toArray(String[]::new);
    }

    @Test
    void optionsAreSavedByTheForm() {
        TestingServer.Made key = server.make("web");
        assertThat(owner.open(page(key)).text())
                .contains("/assistant/v1.js", "Maximum messages per conversation")
                .doesNotContain(key.token());
        Answer saved = owner.send(
                page(key),
                fields(
                        "title",
                        HOSTILE,
                        "introMessages",
                        "Hello\nHow can I help?",
                        "closeButton",
                        "on",
                        "messageLimit-kind",
                        "limited",
                        "messageLimit.messages",
                        "20",
                        "messageLimit.text",
                        "Call us.",
                        "button.size",
                        "140",
                        "prompts.texts",
                        "Need a hand?"));
        assertThat(saved.status()).as(saved.text()).isEqualTo(303);
        Answer now = server.owner.get(key.path() + "/component");
        assertThat(now.at("/component/title")).isEqualTo(HOSTILE);
        assertThat(now.at("/component/introMessages/1")).isEqualTo("How can I help?");
        assertThat(now.at("/component/messageLimit/messages")).isEqualTo("20");
        assertThat(now.at("/component/button/size")).isEqualTo("140");
        assertThat(now.at("/component/closeButton")).isEqualTo("true");
        assertThat(now.at("/component/newConversationButton")).isEqualTo("false");
        assertThat(owner.open(page(key)).text()).doesNotContain("<script>alert");
        assertThat(owner.open(page(key) + "/preview").text()).doesNotContain("<script>alert");
    }

    @Test
    void whatDoesNotFitIsToldBesideItsFieldAndKept() {
        TestingServer.Made key = server.make("web");
        owner.open(page(key));
        Answer refused = owner.send(
                page(key),
                fields(
                        "button.size",
                        "39",
                        "prompts.seconds",
                        "",
                        "privacyUrl",
                        "javascript:alert(1)",
                        "messageLimit-kind",
                        "limited",
                        "messageLimit.messages",
                        "",
                        "messageLimit.text",
                        "Kept text"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text())
                .contains("must be a whole number from 40 to 140", "must be a link that begins with https")
                .contains("id=\"prompts-seconds-error\"", "id=\"messageLimit-messages-error\"")
                .contains("Kept text", "value=\"39\"");
        assertThat(server.owner.get(key.path() + "/component").header("ETag")).contains("\"0\"");
    }

    @Test
    void whoeverReadAnOlderVersionIsToldSoAndLosesNothing() {
        TestingServer.Made key = server.make("web");
        owner.open(page(key));
        server.owner.patch(key.path() + "/component", "{'title':'Theirs'}");
        Answer late = owner.send(page(key), fields("title", "Mine"));
        assertThat(late.status()).isEqualTo(412);
        assertThat(late.text()).contains("value=\"Mine\"");
        assertThat(server.owner.get(key.path() + "/component").at("/component/title"))
                .isEqualTo("Theirs");
    }

    @Test
    void secretOfAnIdentityKeyIsShownOnceAndThereAreTwoAtMost() {
        TestingServer.Made key = server.make("web");
        String address = "/settings/api-keys/" + key.id() + "/identity-keys";
        owner.open(address);
        Answer made = owner.send(address);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        Matcher secret = SECRET.matcher(made.text());
        assertThat(secret.find()).isTrue();
        assertThat(secret.group(1)).hasSize(43);
        Answer again = owner.open(address);
        assertThat(again.text()).doesNotContain(secret.group(1));
        assertThat(owner.send(address).status()).isEqualTo(201);
        Answer full = owner.open(address);
        assertThat(full.text()).doesNotContain("Make an identity key");
        assertThat(owner.send(address, "once", "another").status()).isEqualTo(409);
        Matcher kid = KID.matcher(full.text());
        assertThat(kid.find()).isTrue();
        assertThat(owner.send(address + "/end", "kid", kid.group(1)).status()).isEqualTo(303);
        assertThat(owner.open(address).text()).doesNotContain(kid.group(1)).contains("Make an identity key");
    }

    @Test
    void projectsCredentialsHaveItsEmbeds() {
        TestingServer.Made key = server.make("web");
        assertThat(owner.open("/projects/" + server.project + "/credentials").text())
                .contains(page(key), "keyrack-assistant", "wp_footer", "YOUR-KEY")
                .doesNotContain(key.token());
    }

    @Test
    void keyIsMadeWithOrWithoutCrossPagePersistence() {
        for (boolean on : new boolean[] {true, false}) {
            owner.open("/settings/api-keys/new");
            List<String> form = new ArrayList<>(List.of(
                    "type", "web", "name", "Crossing " + on, "projectId", server.project, "crossPage-asked", "true"));
            if (on) {
                form.addAll(List.of("crossPage", "true"));
            }
            Answer made = owner.send("/settings/api-keys/new", form.toArray(String[]::new));
            assertThat(made.status()).as(made.text()).isEqualTo(201);
            Matcher token = Pattern.compile("kr_web_([0-9A-Za-z]{11})").matcher(made.text());
            assertThat(token.find()).isTrue();
            assertThat(made.text()).contains("/assistant/v1.js");
            assertThat(server.owner
                            .get("/api/v1/keys/" + token.group(1) + "/component")
                            .at("/component/crossPage"))
                    .isEqualTo(String.valueOf(on));
        }
    }
}
