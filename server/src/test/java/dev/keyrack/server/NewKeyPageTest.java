package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Promise: a key is made by a form without a script, once, with all that the API offers, and nothing typed is lost. */
class NewKeyPageTest {
    private static final String NEW = "/settings/api-keys/new";
    private static final Pattern TOKEN = Pattern.compile("<code id=\"token\">([^<]+)</code>");

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

    private static String token(Answer page) {
        Matcher token = TOKEN.matcher(page.text());
        assertThat(token.find()).as(page.text()).isTrue();
        server.minted.add(token.group(1));
        return token.group(1);
    }

    private static String newest() {
        return server.owner.get("/api/v1/keys?limit=1").items("/id").getFirst();
    }

    private static int count(String name) {
        return server.owner
                .get("/api/v1/keys?limit=200&search=" + TestingClient.encoded(name))
                .items("/id")
                .size();
    }

    @Test
    void keyIsMadeAndItsTokenShownOnThePageThatAnswers() {
        owner.open(NEW);
        Answer made = owner.send(
                NEW, "type", "web", "name", "Made", "projectId", server.project, "grant", "all", "expires", "");
        assertThat(made.status()).isEqualTo(201);
        String token = token(made);
        assertThat(server.code(token)).isEqualTo("VALID");
        assertThat(made.header("Cache-Control")).isEqualTo("no-store");
        assertThat(made.text())
                .contains("Made is created", "HTML and JavaScript", "It may be seen again")
                .doesNotContain("You will not see this again");
    }

    @Test
    void listThatOneCameFromIsTheOneThatOneGoesBackTo() {
        String list = "/settings/api-keys?search=a%26b&type=web&sort=-name";
        String shown = list.replace("&", "&amp;");
        assertThat(owner.open("/settings/api-keys?type=web&sort=-name&search=a%26b")
                        .text())
                .contains("href=\"" + NEW + "?list=" + TestingClient.encoded(list) + "\"");
        Answer form = owner.open(NEW + "?list=" + TestingClient.encoded(list));
        assertThat(form.text())
                .contains("name=\"list\" value=\"" + shown + "\"", "href=\"" + shown + "\" data-dialog-close");
        Answer again = owner.send(NEW, "type", "web", "name", "", "list", list);
        assertThat(again.text()).contains("name=\"list\" value=\"" + shown + "\"");
        Answer made = owner.send(NEW, "type", "web", "name", "Listed", "projectId", server.project, "list", list);
        token(made);
        assertThat(made.text())
                .contains("data-dialog-then=\"" + shown + "\"")
                .contains("name=\"search\" value=\"a&amp;b\"", "name=\"sort\" value=\"-name\"");
        owner.open(NEW);
        Answer elsewhere = owner.send(
                NEW, "type", "web", "name", "Elsewhere", "projectId", server.project, "list", "//evil.example");
        token(elsewhere);
        assertThat(elsewhere.text())
                .contains("data-dialog-then=\"/settings/api-keys\"")
                .doesNotContain("evil.example");
    }

    @Test
    void secretIsToBeStoredBeforeItIsLeft() {
        owner.open(NEW);
        Answer made = owner.send(NEW, "type", "server", "name", "Secret", "projectId", server.project);
        assertThat(made.text())
                .contains("You will not see this again.", "I have stored it", "data-keep", "data-enables=\"#leave\"")
                .contains("System.getenv", "process.env", "os.environ");
        String token = token(made);
        assertThat(made.text().split(Pattern.quote(token), -1))
                .as("the token stands once")
                .hasSize(2);
        assertThat(owner.open("/settings/api-keys").text()).doesNotContain(token);
    }

    @Test
    void formThatIsSentTwiceMakesOneKeyAndShowsTheSameToken() {
        owner.open(NEW);
        String[] fields = {
            "type", "server", "name", "Twice", "projectId", server.project, "expires", "2030-01-31",
        };
        Answer form = owner.open(NEW);
        String once = form.text().replaceFirst("(?s).*name=\"once\" value=\"([^\"]+)\".*", "$1");
        Answer first = owner.send(NEW, fields);
        String csrf = form.text().replaceFirst("(?s).*name=\"csrf\" value=\"([^\"]+)\".*", "$1");
        String[] again = java.util.Arrays.copyOf(fields, fields.length + 4);
        System.arraycopy(new String[] {"once", once, "csrf", csrf}, 0, again, fields.length, 4);
        Answer second = owner.sendOnly(NEW, again);
        assertThat(token(second)).isEqualTo(token(first));
        assertThat(count("Twice")).isEqualTo(1);
    }

    @Test
    void everyFieldReachesTheKey() {
        owner.open(NEW);
        Answer made = owner.send(
                NEW,
                "type",
                "mobile",
                "name",
                "Everything",
                "projectId",
                "shop",
                "limit",
                "websites",
                "limit",
                "networks",
                "limit",
                "apps",
                "restrictions.websites",
                "https://example.com/path\r\nhttps://*.example.com",
                "restrictions.networks",
                "192.0.2.0/24\r\n64.0.0.0/2",
                "restrictions.allowWide",
                "true",
                "restrictions.observe",
                "networks",
                "metadata",
                "customer = 1234\r\nplan = gold",
                "restrictions.apps",
                "ios com.example.Shop\r\nandroid com.example.shop " + "ab".repeat(32),
                "local",
                "true",
                "localDevelopment.website",
                "http://localhost:3000",
                "localDevelopment.address",
                "203.0.113.7/24",
                "localDevelopment.hours",
                "2",
                "grant",
                "these",
                "permissions",
                "chat.start\r\nchat.read",
                "expires",
                "date",
                "expiresOn",
                "2030-01-31");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        token(made);
        assertThat(made.text()).contains("A website cannot be restricted to a path");
        Answer key = server.owner.get("/api/v1/keys/" + newest());
        assertThat(key.at("/key/restrictions/websites/0")).isEqualTo("https://example.com");
        assertThat(key.at("/key/restrictions/networks/0")).isEqualTo("192.0.2.0/24");
        assertThat(key.at("/key/restrictions/networks/1")).isEqualTo("64.0.0.0/2");
        assertThat(key.at("/key/restrictions/observe/0")).isEqualTo("networks");
        assertThat(key.at("/key/metadata/customer")).isEqualTo("1234");
        assertThat(key.at("/key/metadata/plan")).isEqualTo("gold");
        assertThat(key.at("/key/restrictions/apps/1/certificateSha256")).isEqualTo("ab".repeat(32));
        assertThat(key.at("/key/localDevelopment/networks/0")).isEqualTo("203.0.113.0/24");
        assertThat(key.at("/key/permissions/1")).isEqualTo("chat.read");
        assertThat(key.at("/key/expiresAt")).isEqualTo("2030-01-31T23:59:59Z");
    }

    /** A script tells when the day ends where the reader is, also for the days that are offered. */
    @Test
    void dayEndsInTheZoneOfTheReader() {
        for (String[] chosen : new String[][] {{"2030-06-30", ""}, {"date", "2030-06-30"}}) {
            owner.open(NEW);
            token(owner.send(
                    NEW,
                    "type",
                    "server",
                    "name",
                    "Zone",
                    "projectId",
                    server.project,
                    "expires",
                    chosen[0],
                    "expiresOn",
                    chosen[1],
                    "expiresEnd",
                    "2030-06-30T21:59:59"));
            assertThat(server.owner.get("/api/v1/keys/" + newest()).at("/key/expiresAt"))
                    .isEqualTo("2030-06-30T21:59:59Z");
        }
    }

    @Test
    void metadataThatStandsThereTwiceIsRefused() {
        owner.open(NEW);
        Answer refused = owner.send(
                NEW, "type", "server", "name", "M", "projectId", server.project, "metadata", "a = 1\r\na = 2");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("a stands there twice", "a = 1\r\na = 2");
    }

    @Test
    void whatIsNotTickedIsNotSet() {
        owner.open(NEW);
        token(owner.send(
                NEW,
                "type",
                "web",
                "name",
                "Unticked",
                "projectId",
                server.project,
                "restrictions.websites",
                "https://example.com",
                "restrictions.anyWebsite",
                "true",
                "localDevelopment.website",
                "http://localhost:3000",
                "permissions",
                "chat.start",
                "expiresOn",
                "2030-01-31"));
        Answer key = server.owner.get("/api/v1/keys/" + newest());
        assertThat(key.json().at("/key/restrictions").isEmpty()).isTrue();
        assertThat(key.json().at("/key/permissions").isNull()).isTrue();
        assertThat(key.json().at("/key/expiresAt").isNull()).isTrue();
        assertThat(key.json().at("/key/localDevelopment").isNull()).isTrue();
    }

    @Test
    void formThatFailsKeepsWhatWasTypedAndSaysWhatToDoBesideTheField() {
        owner.open(NEW);
        Answer refused = owner.send(
                NEW,
                "type",
                "mobile",
                "name",
                "\"><script>alert(1)</script>",
                "projectId",
                server.project,
                "limit",
                "networks",
                "limit",
                "apps",
                "restrictions.networks",
                "192.0.2.1\r\nnonsense",
                "restrictions.apps",
                "ios com.example.Shop\r\nwindows x",
                "expires",
                "date",
                "expiresOn",
                "2001-01-01");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text())
                .contains(
                        "nonsense: must be an IP address", "windows x: must be android or ios", "192.0.2.1\r\nnonsense")
                .contains("value=\"mobile\" required checked", "value=\"networks\" checked", "value=\"2001-01-01\"")
                .contains("&lt;script>alert(1)")
                .contains("id=\"expiresAt-error\"", "data-guard=\"changed\"")
                .doesNotContain("<script>alert");
        Answer made = owner.send(NEW, "type", "mobile", "name", "Corrected", "projectId", server.project);
        token(made);
        assertThat(count("Corrected")).isEqualTo(1);
    }

    @Test
    void emptyFormSaysAllThatIsMissing() {
        owner.open(NEW);
        Answer refused = owner.send(NEW, "name", "", "projectId", "");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("id=\"name-error\"", "id=\"type-error\"", "choose the project");
        assertThat(owner.send(NEW, "type", "web", "name", "X", "projectId", "nowhere")
                        .text())
                .contains("there is no project of this name or id");
    }

    @Test
    void firstProjectIsMadeWithTheKeyAndOnlyWithIt() {
        Answer made = server.owner.post(
                "/api/v1/organizations", "{'name':'Bare','subdomain':'bare','ownerEmail':'owner@example.net'}");
        TestingClient bare = server.nobody.as("x-api-key", made.at("/token"));
        TestingReader admin = TestingReader.of(server, Role.ADMIN, made.at("/organization/id"));
        assertThat(admin.open(NEW).text()).contains("New project", "There is no project of yours yet");
        assertThat(admin.send(NEW, "type", "web", "name", "", "newProject", "First")
                        .status())
                .isEqualTo(400);
        assertThat(bare.get("/api/v1/projects").items("/name")).isEmpty();
        token(admin.send(NEW, "type", "web", "name", "Key", "newProject", "First"));
        assertThat(bare.get("/api/v1/projects").items("/name")).containsExactly("First");
    }

    /** In every field for one, and without a script. */
    @Test
    void oneOfManyProjectsIsFoundByItsNameOrId() {
        Answer made = server.owner.post(
                "/api/v1/organizations", "{'name':'Wide','subdomain':'wide','ownerEmail':'owner@example.net'}");
        TestingClient wide = server.nobody.as("x-api-key", made.at("/token"));
        String last = "";
        for (int i = 0; i <= 50; i++) {
            last = wide.post("/api/v1/projects", "{'name':'Project " + i + "'}").at("/project/id");
        }
        TestingReader admin = TestingReader.of(server, Role.ADMIN, made.at("/organization/id"));
        assertThat(admin.open(NEW).text()).contains("Its id, or its name").doesNotContain("<select id=\"projectId");
        assertThat(admin.send(NEW, "type", "web", "name", "Key", "projectId", "proj")
                        .text())
                .contains("fits several projects", "(Project 0)", "value=\"proj\"");
        token(admin.send(NEW, "type", "web", "name", "By id", "projectId", last));
        token(admin.send(NEW, "type", "web", "name", "By name", "projectId", "project 50"));
        admin.open("/settings/api-credentials/new");
        assertThat(admin.send("/settings/api-credentials/new", "name", "Program", "projectId", "proj")
                        .text())
                .contains("fits several projects", "value=\"proj\"");
        assertThat(admin.send("/settings/api-credentials/new", "name", "Program", "projectId", "project 50")
                        .status())
                .isEqualTo(201);
        assertThat(wide.get("/api/v1/keys?projectId=" + last).items("/name"))
                .containsOnly("By id", "By name", "Program");
        assertThat(admin.open("/settings/api-keys").text()).doesNotContain("<select id=\"filter-projectId");
        assertThat(admin.open("/settings/api-keys?projectId=project+50").text())
                .contains("By id", "By name", "Program", "value=\"project 50\"");
        assertThat(admin.open("/settings/api-keys?projectId=project+49").text())
                .doesNotContain("By id", "By name", "Program");
        assertThat(admin.open("/settings/api-keys?projectId=proj").text()).contains("fits several projects");
    }

    @Test
    void addressFillsTheForm() {
        assertThat(owner.open(NEW + "?type=analytics&projectId=" + server.project)
                        .text())
                .contains("value=\"analytics\" required checked")
                .contains("value=\"" + server.project + "\" selected");
        assertThat(owner.open(NEW).text())
                .contains(
                        "value=\"127.0.0.1/32\"", "http://localhost:3000", "DANGER", "cannot be restricted to a path");
    }

    @Test
    void onlyWhoeverMayMakeKeysGetsTheForm() {
        for (Role role : Role.values()) {
            TestingReader reader = TestingReader.of(server, role);
            boolean may = role == Role.OWNER || role == Role.ADMIN || role == Role.DEVELOPER;
            assertThat(reader.open(NEW).status()).as(role.text()).isEqualTo(may ? 200 : 403);
            if (!may) {
                reader.open("/settings/api-keys");
                assertThat(reader.send(NEW, "type", "web", "name", "No", "projectId", server.project)
                                .status())
                        .isEqualTo(403);
            }
        }
        TestingReader developer = TestingReader.of(server, Role.DEVELOPER);
        developer.open(NEW);
        assertThat(developer
                        .send(NEW, "type", "web", "name", "No", "projectId", server.project)
                        .text())
                .as("a project of somebody else")
                .contains("there is no project of this name or id");
        assertThat(count("No")).isZero();
    }

    @Test
    void formOfAnotherPageMakesNothing() {
        owner.open(NEW);
        assertThat(owner.sendOnly(NEW, "type", "web", "name", "Forged", "projectId", server.project, "once", "x")
                        .status())
                .isEqualTo(403);
        assertThat(count("Forged")).isZero();
    }

    @Test
    void guideSaysHowToSendAKeyAndIsThereForEveryRole() {
        for (Role role : Role.values()) {
            assertThat(TestingReader.of(server, role).open("/guide").text())
                    .contains("x-api-key", "Bearer", "Basic", "acme", "/v1/verify", "Caddy");
        }
    }
}
