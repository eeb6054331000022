package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.texts.TestingLanguage;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Promise: with a message file beside the English one, every sentence of the portal is in its language, also what is wrong with
 * a form, why a key is refused and what a verification finds; and the API goes on in English.
 */
class LanguageTest {
    private static final Pattern DATA = Pattern.compile(
            "<!--.*?-->|<(script|style|svg|code|pre|textarea|kbd|time)\\b.*?</\\1>|<([a-z]+) class=\"mono\"[^>]*>.*?</\\2>",
            Pattern.DOTALL);
    private static final Pattern SPOKEN =
            Pattern.compile("(?:aria-label|title|alt|data-announce|data-too-large)=\"([^\"]*)\"");
    private static final Pattern WORDS = Pattern.compile("[A-Za-z]{2,},? [a-z]{2,}[^\\u0001]*");
    private static final Pattern SUMMED = Pattern.compile("<a href=\"#([A-Za-z-]+)-error\">([^<]*)</a>");

    private static TestingServer server;
    private static TestingReader reader;

    @BeforeAll
    static void start() {
        TestingLanguage.install();
        server = TestingServer.start();
        reader = TestingReader.owner(server).speaking(TestingLanguage.TAG);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** What two words of a page stand outside of the message file. */
    private static Set<String> english(String html) {
        String body = DATA.matcher(html).replaceAll("");
        StringBuilder said = new StringBuilder(body.replaceAll("<[^>]*>", "\u0001"));
        Matcher attribute = SPOKEN.matcher(body);
        while (attribute.find()) {
            said.append('\u0001').append(attribute.group(1));
        }
        StringBuilder outside = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < said.length(); i++) {
            char c = said.charAt(i);
            depth += c == '⟦' ? 1 : c == '⟧' ? -1 : 0;
            if (depth == 0) {
                outside.append(c);
            }
        }
        Set<String> found = new TreeSet<>();
        Matcher words = WORDS.matcher(outside);
        while (words.find()) {
            found.add(words.group().strip());
        }
        return found;
    }

    private static String translated(Answer page, int status) {
        assertThat(page.status()).as(page.text()).isEqualTo(status);
        assertThat(page.text()).contains("<html lang=\"qps\">", "⟦");
        assertThat(english(page.text())).isEmpty();
        return page.text();
    }

    /** Each entry of the summary is called what its field is. */
    private static List<String> summary(String html) {
        return SUMMED.matcher(html)
                .results()
                .map(entry -> {
                    assertThat(html).contains("id=\"" + entry.group(1) + "-error\"");
                    assertThat(html.substring(html.indexOf("<form")))
                            .as(entry.group(1))
                            .contains(entry.group(2));
                    return entry.group(2).replaceAll("[⟦⟧]", "");
                })
                .toList();
    }

    @Test
    void walkFindsEnglishOutsideOfTheFile() {
        assertThat(english("<p>⟦It is ⟦so⟧ here⟧</p><code>the code</code><p>a-key</p>"))
                .isEmpty();
        assertThat(english("<p>⟦It⟧ is so</p><img alt=\"A fine picture\">")).containsExactly("fine picture", "is so");
        assertThat(english(TestingReader.owner(server)
                        .open("/settings/api-keys/new")
                        .text()))
                .isNotEmpty();
    }

    @Test
    void formOfANewKeySaysWhatDoesNotFit() {
        String form = "/settings/api-keys/new";
        reader.open(form);
        String page = translated(
                reader.send(
                        form,
                        "type",
                        "web",
                        "name",
                        "",
                        "projectId",
                        server.project,
                        "limit",
                        "websites",
                        "restrictions.websites",
                        "example.com\nhttps://u@example.com\nhttps://*.co.uk",
                        "limit",
                        "networks",
                        "restrictions.networks",
                        "192.0.2.1/24\n0.0.0.0/1\nnowhere",
                        "metadata",
                        "a = 1\na = 2",
                        "grant",
                        "these",
                        "permissions",
                        "chat",
                        "expires",
                        "date",
                        "expiresOn",
                        ""),
                400);
        assertThat(page)
                .contains("⟦must begin with https:// or http://, such as https://example.com⟧")
                .contains("⟦192.0.2.1/24: ⟦has bits after its prefix: write 192.0.2.0/24⟧⟧")
                .contains("allow very wide networks below")
                .doesNotContain("allowWide to true", "/restrictions/");
        assertThat(summary(page))
                .contains(
                        "Name",
                        "Websites that may use the key",
                        "Addresses that may use the key",
                        "Permissions of the key",
                        "Metadata",
                        "Expires");
    }

    @Test
    void formsOfProjectMemberAndOrganizationSayWhatDoesNotFit() {
        reader.open("/projects/new");
        assertThat(summary(translated(reader.send("/projects/new", "name", ""), 400)))
                .containsExactly("Name");
        String invite = "/members/invitations/new";
        reader.open(invite);
        assertThat(summary(translated(reader.send(invite, "email", "nobody", "role", "king"), 400)))
                .containsExactlyInAnyOrder("E-mail", "Role");
        translated(reader.send(invite, "email", "owner@example.com", "role", "admin"), 409);
        String organization = "/settings/organization";
        reader.open(organization);
        String page = translated(
                reader.send(
                        organization,
                        "version",
                        "\"1\"",
                        "name",
                        "",
                        "settings.accentColor",
                        "red",
                        "settings.conversationDays",
                        "x"),
                400);
        assertThat(summary(page)).hasSize(3);
        reader.open("/account");
        translated(reader.send("/account/password", "current", "no", "password", "short"), 400);
    }

    @Test
    void optionsOfAComponentSayWhatDoesNotFit() {
        TestingServer.Made key = server.make("web");
        String options = "/settings/api-keys/" + key.id() + "/component";
        Matcher version =
                Pattern.compile("name=\"version\" value=\"([^\"]+)\"").matcher(translated(reader.open(options), 200));
        assertThat(version.find()).isTrue();
        String page = translated(
                reader.send(
                        options,
                        "version",
                        version.group(1),
                        "title",
                        "t".repeat(61),
                        "locale",
                        "a b",
                        "scheme",
                        "auto",
                        "accent",
                        "red",
                        "introMessages",
                        "i".repeat(3_000),
                        "privacyUrl",
                        "ftp://example.com",
                        "button.size",
                        "1",
                        "button.side",
                        "left",
                        "button.bottomMargin",
                        "20",
                        "prompts.mode",
                        "rotate",
                        "prompts.seconds",
                        "5"),
                400);
        assertThat(summary(page)).hasSizeGreaterThan(4);
    }

    @Test
    void tryItAndRefusalsSayWhyInTheReadersLanguage() {
        TestingServer.Made key = server.make(
                "web",
                ",'permissions':['chat.start'],'restrictions':{'websites':['https://example.com'],"
                        + "'networks':['192.0.2.0/24']}");
        String page = "/settings/api-keys/" + key.id();
        String tried = translated(
                reader.open(page + "/restrictions?origin=https%3A%2F%2Fshop.example.com&ip=203.0.113.9"
                        + "&app=android%3Acom.example.shop&permission=orders.read"),
                200);
        assertThat(tried)
                .contains("⟦https://shop.example.com was refused: ⟦https://example.com stands for this one host,"
                        + " not for its subdomains.⟧⟧")
                .contains("⟦The key is not restricted by apps.⟧")
                .contains("⟦The key has no permission orders.read; it has ⟦chat.start⟧.⟧");
        server.gate.post("/v1/verify", "{'token':'" + key.token() + "','origin':'https://shop.example.com'}");
        long deadline = System.nanoTime() + 20_000_000_000L;
        Answer refusals = reader.open(page + "/refusals");
        while (!refusals.text().contains("shop.example.com") && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            refusals = reader.open(page + "/refusals");
        }
        assertThat(translated(refusals, 200)).contains("⟦https://shop.example.com was refused: ⟦");
    }

    @Test
    void findingsOfAVerificationAndRefusedPagesAreTranslated() {
        translated(reader.open("/projects/nothing"), 404);
        reader.open("/audit");
        server.byHand("UPDATE audit_events SET target_id = 'other' WHERE organization_id = '" + server.organization
                + "' AND seq = 2");
        assertThat(translated(reader.send("/audit/verify"), 200))
                .contains("⟦is not as it was written: it was changed, or put in the place of another⟧", "⟦Changed⟧");
    }

    @Test
    void apiAnswersInEnglishWhateverItsCallerSpeaks() {
        Answer refused = server.owner.post("/api/v1/keys", "{'name':''}", "Accept-Language", TestingLanguage.TAG);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).doesNotContain("⟦");
        assertThat(refused.at("/title")).isEqualTo("The request does not fit");
        assertThat(refused.at("/errors/0/detail")).isEqualTo("has 1 to 100 characters, not 0");
    }
}
