package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Promise: the restrictions of a key are what its form says, and in force when the form is answered; whoever asks "would this
 * work?" gets the verdict and its reasons; a refusal leads to the form that would have allowed it, and saves nothing.
 */
class KeyRestrictionsPageTest {
    private static final String HOSTILE = "\"><script>alert(1)</script>";
    private static final Pattern VERSION = Pattern.compile("name=\"version\" value=\"([^\"]+)\"");

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
        return "/settings/api-keys/" + key.id() + "/restrictions";
    }

    private static String version(Answer page) {
        Matcher found = VERSION.matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        return found.group(1);
    }

    private static String version(TestingServer.Made key) {
        return version(owner.open(page(key)));
    }

    private static String restrictions(TestingServer.Made key) {
        return server.owner.get(key.path()).json().at("/key/restrictions").toString();
    }

    private static String from(TestingServer.Made key, String origin) {
        return server.gate
                .post("/v1/verify", "{'token':'" + key.token() + "','origin':'" + origin + "'}")
                .at("/code");
    }

    @Test
    void restrictionsAreInForceWhenTheFormIsAnswered() {
        TestingServer.Made key = server.make("web");
        Answer done = owner.send(
                page(key),
                "version",
                version(key),
                "set-websites",
                "yes",
                "restrictions.websites",
                "https://example.com/path\r\n\r\nhttps://*.example.org",
                "set-networks",
                "yes",
                "restrictions.networks",
                "192.0.2.0/24",
                "restrictions.observe",
                "networks",
                "set-apps",
                "yes",
                "restrictions.apps",
                "ios com.example.Shop\nandroid com.example.shop " + "AB:".repeat(31) + "AB");
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(done.text())
                .contains("Saved, and in force everywhere", "after you asked")
                .contains("cannot be restricted to a path");
        assertThat(restrictions(key))
                .contains("\"https://example.com\"", "https://*.example.org", "192.0.2.0/24", "com.example.Shop")
                .contains("ab".repeat(32), "\"observe\":[\"networks\"]");
        assertThat(from(key, "https://elsewhere.example")).isEqualTo("WEBSITE_NOT_ALLOWED");
    }

    /** Both by the API and by the form, which share what they read. */
    @Test
    void whatIsNotSetCannotBeObservedAndTheAnswerSaysSo() {
        String two = "{'websites':['https://example.com'],'observe':['websites','networks']}";
        Answer made = server.owner.post(
                "/api/v1/keys",
                "{'name':'n','type':'web','projectId':'" + server.project + "','restrictions':" + two + "}");
        assertThat(made.json().at("/key/restrictions/observe").toString()).isEqualTo("[\"websites\"]");
        assertThat(made.json().at("/notices").size()).isEqualTo(1);
        assertThat(made.at("/notices/0/pointer")).isEqualTo("/restrictions/observe/1");
        assertThat(made.at("/notices/0/detail")).isEqualTo(nothingToObserve("IP addresses"));
        String path = "/api/v1/keys/" + made.at("/key/id");
        assertThat(server.owner
                        .patch(path, "{'restrictions':{'observe':['websites']}}")
                        .json()
                        .has("notices"))
                .as("what is set already")
                .isFalse();
        Answer changed = server.owner.patch(path, "{'restrictions':{'observe':['apps']}}");
        assertThat(changed.at("/notices/0/detail")).isEqualTo(nothingToObserve("Apps"));

        TestingServer.Made key = server.make("web");
        Answer saved = owner.send(page(key), "version", version(key), "restrictions.observe", "websites");
        assertThat(saved.status()).isEqualTo(200);
        assertThat(saved.text()).contains(nothingToObserve("Websites"));
        owner.open("/settings/api-keys/new");
        Answer shown = owner.send(
                "/settings/api-keys/new",
                "name",
                "Observed",
                "type",
                "server",
                "projectId",
                server.project,
                "restrictions.observe",
                "apps");
        assertThat(shown.text()).contains(nothingToObserve("Apps"));
    }

    private static String nothingToObserve(String what) {
        return what + " are not restricted, so there is nothing to observe: that was left out.";
    }

    @Test
    void emptyListRefusesEveryWebsiteUnlessAnyIsAccepted() {
        TestingServer.Made key = server.make("web");
        owner.send(page(key), "version", version(key), "set-websites", "yes", "restrictions.websites", "");
        assertThat(from(key, "https://example.com")).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(owner.open(page(key)).text()).contains("DANGER", "The list is empty: the key refuses every website");
        owner.send(
                page(key),
                "version",
                version(key),
                "set-websites",
                "yes",
                "restrictions.websites",
                "",
                "restrictions.anyWebsite",
                "on");
        assertThat(from(key, "https://example.com")).isEqualTo("VALID");
        owner.send(page(key), "version", version(key), "set-websites", "no", "restrictions.anyWebsite", "on");
        assertThat(restrictions(key)).isEqualTo("{}");
    }

    @Test
    void formThatFailsKeepsWhatWasTypedAndNamesTheEntry() {
        TestingServer.Made key = server.make("web");
        Answer again = owner.send(
                page(key),
                "version",
                version(key),
                "set-websites",
                "yes",
                "restrictions.websites",
                "https://example.com\n" + HOSTILE,
                "set-networks",
                "yes",
                "restrictions.networks",
                HOSTILE + "\n192.0.2.7/24",
                "set-apps",
                "yes",
                "restrictions.apps",
                "android " + HOSTILE);
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.text())
                .doesNotContain("<script>alert")
                .contains("https://example.com", "write 192.0.2.0/24", "192.0.2.7/24: ", "restrictions-apps-error")
                .contains("data-guard=\"changed\"");
        assertThat(restrictions(key)).isEqualTo("{}");
    }

    @Test
    void formThatIsOvertakenShowsBoth() {
        TestingServer.Made key = server.make("web");
        String read = version(key);
        server.owner.patch(key.path(), "{'restrictions':{'websites':['https://theirs.example']}}");
        String[] form = {"version", read, "set-websites", "yes", "restrictions.websites", "https://mine.example"};
        Answer both = owner.send(page(key), form);
        assertThat(both.status()).isEqualTo(412);
        assertThat(both.text()).contains("https://theirs.example", "https://mine.example", "Saved in the meantime");
        form[1] = version(both);
        assertThat(owner.send(page(key), form).status()).isEqualTo(200);
        assertThat(restrictions(key)).contains("mine").doesNotContain("theirs");
    }

    @Test
    void reloadedFormFindsSavedWhatItWants() {
        TestingServer.Made key = server.make("web");
        String[] form = {"version", version(key), "set-websites", "yes", "restrictions.websites", "https://example.com"
        };
        owner.send(page(key), form);
        Answer reloaded = owner.send(page(key), form);
        assertThat(reloaded.status()).isEqualTo(200);
        assertThat(reloaded.text()).contains("Saved, and in force everywhere");
    }

    @Test
    void localDevelopmentStartsWithTheAddressThatIsSeenAndEndsAtOnce() {
        TestingServer.Made key = server.make("web", ",'restrictions':{'websites':['https://example.com']}");
        assertThat(owner.open(page(key)).text()).contains("value=\"127.0.0.1\"");
        Answer wrong = owner.send(
                page(key) + "/local",
                "localDevelopment.website",
                "https://elsewhere.example",
                "localDevelopment.hours",
                "999");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text())
                .contains("must be on this machine", "value=\"https://elsewhere.example\"", "from 1 to 168");
        Answer done = owner.send(
                page(key) + "/local",
                "localDevelopment.website",
                "http://localhost:3000",
                "localDevelopment.address",
                "203.0.113.7/24",
                "localDevelopment.hours",
                "2");
        assertThat(done.header("Location")).as(done.text()).isEqualTo(page(key) + "?done=local-started");
        assertThat(from(key, "http://localhost:3000")).isEqualTo("VALID");
        assertThat(owner.open(page(key)).text()).contains("http://localhost:3000", "203.0.113.0/24", "End it now");
        owner.send(page(key) + "/local/end");
        assertThat(from(key, "http://localhost:3000")).isEqualTo("WEBSITE_NOT_ALLOWED");
    }

    @Test
    void trialSaysTheVerdictAndWhy() {
        TestingServer.Made key = server.make("web", ",'restrictions':{'websites':['https://example.com']}");
        assertThat(owner.open(page(key) + "?origin=https%3A%2F%2Fexample.com").text())
                .contains("The key answers <strong>VALID</strong>");
        assertThat(owner.open(page(key) + "?origin=http%3A%2F%2Fexample.com&ip=192.0.2.1&permission=chat.start")
                        .text())
                .contains("<strong>WEBSITE_NOT_ALLOWED</strong>", "only https is allowed", "Nearest allowed:")
                .contains("value=\"http://example.com\"", "value=\"192.0.2.1\"");
        assertThat(owner.open(page(key) + "?permission=chat.*").text()).contains("without wildcards");
        assertThat(owner.open(page(key) + "?origin=" + TestingClient.encoded(HOSTILE) + "&app="
                                + TestingClient.encoded(HOSTILE))
                        .text())
                .doesNotContain("<script>alert");
    }

    @Test
    void refusalLeadsToTheFormWithItsValueAndSavesNothing() {
        TestingServer.Made key = server.make(
                "web",
                ",'restrictions':{'websites':['https://example.com'],'networks':['192.0.2.0/24'],'observe':['networks']}");
        String refusals = "/settings/api-keys/" + key.id() + "/refusals";
        assertThat(owner.open(refusals).text()).contains("Nothing was refused in the last seven days");
        from(key, "https://shop.example.com");
        from(key, "https://shop.example.com");
        server.gate.post(
                "/v1/verify", "{'token':'" + key.token() + "','origin':'https://example.com','ip':'203.0.113.9'}");
        from(key, "null");
        Answer report = until(refusals, "203.0.113.9");
        assertThat(report.text())
                .contains("WEBSITE_NOT_ALLOWED", "https://shop.example.com", "for its subdomains", "Observed only")
                .contains("chart.js", "refusals-over-time");
        String allow = "/restrictions?allow-website=" + TestingClient.encoded("https://shop.example.com");
        assertThat(report.text()).contains(allow).contains("allow-network=203.0.113.9");
        Answer form = owner.open("/settings/api-keys/" + key.id() + allow);
        assertThat(form.text())
                .contains("https://example.com\nhttps://shop.example.com</textarea>", "not saved yet")
                .contains("data-guard=\"changed\"");
        assertThat(restrictions(key)).doesNotContain("shop.example.com");
        assertThat(owner.open(refusals + "?by=hour").text().split("<time ", -1).length)
                .isGreaterThan(7 * 24);
    }

    private static Answer until(String address, String text) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        Answer page = owner.open(address);
        while (!page.text().contains(text) && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            page = owner.open(address);
        }
        assertThat(page.text()).contains(text);
        return page;
    }

    @Test
    void whatALinkPutsIntoTheFormIsAnEntryOrNothing() {
        TestingServer.Made key = server.make("web");
        String hostile = TestingClient.encoded(HOSTILE);
        assertThat(owner.open(page(key) + "?allow-website=" + hostile + "&allow-network=" + hostile)
                        .text())
                .doesNotContain("<script>alert", "not saved yet");
        assertThat(owner.open(page(key) + "?allow-website=javascript%3Aalert(1)")
                        .text())
                .doesNotContain("not saved yet");
    }
}
