package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Promise: a project has one credential pair, and an organization any number of named credentials; each token is shown once,
 * works as the page says, and stops when the page says so.
 */
class CredentialPagesTest {
    private static final String DEVELOPER = "/settings/api-credentials";
    private static final Pattern TOKEN = Pattern.compile("data-token>([^<]+)<");
    private static final Pattern LINE = Pattern.compile(">(curl [^<]+)<");

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

    private static String pair(String name) {
        return "/projects/"
                + server.owner
                        .post("/api/v1/projects", "{'name':'" + name + "'}")
                        .at("/project/id")
                + "/credentials";
    }

    private static String token(Answer page) {
        Matcher found = TOKEN.matcher(page.text());
        assertThat(found.find()).as(page.status() + " " + page.text()).isTrue();
        server.minted.add(found.group(1));
        return found.group(1);
    }

    private static String appId(Answer page) {
        Matcher found = Pattern.compile("id=\"app-id\">([^<]+)<").matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        return found.group(1);
    }

    private static Answer generate(TestingReader reader, String pair) {
        reader.open(pair);
        return reader.send(pair + "/generate");
    }

    /** What the line of a page prints in a shell. */
    private static String run(Answer page) {
        Matcher found = LINE.matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        String line = found.group(1).replace("&#39;", "'").replace("&amp;", "&");
        try {
            Process shell = new ProcessBuilder("/bin/sh", "-c", line)
                    .redirectErrorStream(true)
                    .start();
            return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void needPasswordAgain() {
        server.byHand("UPDATE portal_sessions SET confirmed_at = 0");
    }

    private static void passwordTyped() {
        server.byHand("UPDATE portal_sessions SET confirmed_at = seen_at");
    }

    @Test
    void pairIsGeneratedShownOnceAndWorksAsThePageSays() {
        String pair = pair("Pair");
        assertThat(owner.open(pair).text()).contains("Generate Credentials").doesNotContain("Reset App Secret");
        Answer made = generate(owner, pair);
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        String secret = token(made);
        assertThat(secret).startsWith("kr_srv_" + appId(made));
        assertThat(server.code(secret)).isEqualTo("VALID");
        assertThat(run(made)).contains(" 204 ", "Keyrack-Key-Id: " + appId(made));
        Answer later = owner.open(pair);
        assertThat(later.text())
                .contains(
                        appId(made),
                        "Reset App Secret",
                        "every client has to be updated",
                        "Avoid it unless it is necessary",
                        "id=\"snippet-java\"",
                        "id=\"snippet-python\"")
                .doesNotContain(secret, "Generate Credentials");
        Answer key = server.owner.get("/api/v1/keys/" + appId(made));
        assertThat(key.at("/key/source/name")).isEqualTo("Project credentials");
        assertThat(key.at("/key/type")).isEqualTo("server");
    }

    @Test
    void projectHasOnePairWhoeverGeneratesItAtTheSameTime() throws Exception {
        String pair = pair("Contended");
        TestingReader admin = TestingReader.of(server, Role.ADMIN);
        List<TestingReader> both = List.of(owner, admin);
        both.forEach(reader -> reader.open(pair));
        try (var threads = Executors.newFixedThreadPool(2)) {
            List<Callable<Answer>> calls = both.stream()
                    .map(reader -> (Callable<Answer>) () -> reader.send(pair + "/generate"))
                    .toList();
            List<Integer> statuses = new java.util.ArrayList<>();
            for (Future<Answer> call : threads.invokeAll(calls)) {
                Answer answer = call.get();
                statuses.add(answer.status());
                if (answer.status() == 200) {
                    token(answer);
                } else {
                    assertThat(answer.text()).contains("has its credentials already");
                }
            }
            assertThat(statuses).containsExactlyInAnyOrder(200, 409);
        }
    }

    @Test
    void resetWantsTheBoxAndThePasswordAndStopsTheFormerSecretAtOnce() {
        String pair = pair("Reset");
        String former = token(generate(owner, pair));
        Answer page = owner.open(pair);
        assertThat(page.text()).contains("YES I WANT TO RESET", "data-enables=\"#reset-button\"", "has to be updated");
        Answer refused = owner.send(pair + "/reset", "overlapSeconds", "3600");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("tick the box", "value=\"3600\" selected");
        assertThat(server.code(former)).isEqualTo("VALID");

        needPasswordAgain();
        Answer asked = owner.send(pair + "/reset", "reset", "yes", "overlapSeconds", "0");
        assertThat(asked.status()).isEqualTo(303);
        assertThat(asked.header("Location")).startsWith("/account/confirm");
        passwordTyped();

        owner.open(pair);
        Answer reset = owner.send(pair + "/reset", "reset", "yes", "overlapSeconds", "0");
        String secret = token(reset);
        assertThat(secret).isNotEqualTo(former).startsWith(former.substring(0, 18));
        assertThat(server.code(former)).isEqualTo("REVOKED");
        assertThat(server.code(secret)).isEqualTo("VALID");
        Answer reload = owner.send(pair + "/reset", "reset", "yes", "overlapSeconds", "0");
        assertThat(reload.status()).isEqualTo(200);
    }

    @Test
    void formerSecretWorksForTheOverlapAndUntilItIsEnded() {
        String pair = pair("Overlap");
        String former = token(generate(owner, pair));
        owner.open(pair);
        String secret = token(owner.send(pair + "/reset", "reset", "yes", "overlapSeconds", "86400"));
        assertThat(server.code(former)).isEqualTo("VALID");
        assertThat(owner.open(pair).text()).contains("Former app secret", "End it now");
        assertThat(owner.send(pair + "/end-overlap").header("Location")).isEqualTo(pair + "?done=pair-overlap-ended");
        assertThat(server.code(former)).isEqualTo("REVOKED");
        assertThat(server.code(secret)).isEqualTo("VALID");
    }

    @Test
    void pairOfAnotherMemberIsNotTheDevelopersToSeeOrReset() {
        TestingReader developer = TestingReader.of(server, Role.DEVELOPER);
        developer.open("/projects/new");
        String project = developer
                .send("/projects/new", "name", "Developer''s")
                .header("Location")
                .replaceFirst("\\?.*", "");
        Answer made = generate(owner, project + "/credentials");
        String secret = token(made);
        Answer page = developer.open(project + "/credentials");
        assertThat(page.text())
                .contains("another member")
                .doesNotContain(appId(made), "Generate Credentials", "Reset App Secret");
        assertThat(developer
                        .send(project + "/credentials/reset", "reset", "yes")
                        .status())
                .isEqualTo(404);
        assertThat(developer.send(project + "/credentials/generate").status()).isEqualTo(409);
        assertThat(server.code(secret)).isEqualTo("VALID");
    }

    @Test
    void readersOfOtherRolesSeeTheAppIdAndChangeNothing() {
        String pair = pair("Read");
        Answer made = generate(owner, pair);
        String secret = token(made);
        for (Role role : List.of(Role.SUPPORT, Role.ANALYTICS)) {
            TestingReader reader = TestingReader.of(server, role);
            assertThat(reader.open(pair).text()).contains(appId(made)).doesNotContain("Reset App Secret");
            assertThat(reader.send(pair + "/reset", "reset", "yes", "overlapSeconds", "0")
                            .status())
                    .isEqualTo(403);
            assertThat(reader.send(pair + "/reset").status())
                    .as("an empty form")
                    .isEqualTo(403);
            String empty = pair("Empty for " + role);
            assertThat(reader.open(empty).text()).doesNotContain("Generate Credentials");
            assertThat(reader.send(empty + "/generate").status()).isEqualTo(403);
        }
        assertThat(server.code(secret)).isEqualTo("VALID");
    }

    private static Answer credential(TestingReader reader, String name) {
        reader.open(DEVELOPER + "/new");
        return reader.send(DEVELOPER + "/new", "name", name, "projectId", server.project);
    }

    private static String id(String token) {
        return token.substring("kr_srv_".length(), "kr_srv_".length() + 11);
    }

    @Test
    void namedCredentialWorksWithTheSubdomainAsUserName() {
        assertThat(owner.open(DEVELOPER).text()).contains("+ Add API Credential", "<code>acme</code>");
        Answer made = credential(owner, "Billing");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        String token = token(made);
        assertThat(made.text()).contains("You will not see this again", "I have stored it");
        assertThat(run(made)).contains(" 204 ");
        assertThat(owner.open(DEVELOPER).text()).contains("Billing").doesNotContain(token);
    }

    @Test
    void renamedCredentialKeepsItsToken() {
        String token = token(credential(owner, "Old name"));
        String address = DEVELOPER + "/" + id(token) + "/edit";
        assertThat(owner.open(address).text()).contains("New name", ">Done<");
        Answer wrong = owner.send(address, "name", "n".repeat(101));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("value=\"" + "n".repeat(101));
        assertThat(owner.send(address, "name", "Brand new").status()).isEqualTo(303);
        assertThat(owner.open(DEVELOPER).text()).contains("Brand new");
        assertThat(server.code(token)).isEqualTo("VALID");
    }

    @Test
    void credentialIsDisabledAndEnabledWithoutThePassword() {
        String token = token(credential(owner, "Switched"));
        needPasswordAgain();
        owner.open(DEVELOPER);
        assertThat(owner.send(DEVELOPER + "/" + id(token) + "/disable").status())
                .isEqualTo(303);
        assertThat(server.code(token)).isEqualTo("DISABLED");
        assertThat(owner.open(DEVELOPER).text()).contains("Enable Switched");
        assertThat(owner.send(DEVELOPER + "/" + id(token) + "/enable").status()).isEqualTo(303);
        assertThat(server.code(token)).isEqualTo("VALID");
        passwordTyped();
    }

    @Test
    void expiredCredentialIsDisabledAndEnabledLikeOnItsOwnPage() {
        String token = token(credential(owner, "Expired"));
        String key = "/settings/api-keys/" + id(token);
        server.byHand("UPDATE keys SET expires_at = 1 WHERE id = '" + id(token) + "'");
        for (String act : List.of("disable", "enable")) {
            String address = DEVELOPER + "/" + id(token) + "/" + act;
            assertThat(owner.open(key).text()).contains("action=\"" + key + "/" + act + "\"");
            assertThat(owner.open(DEVELOPER).text()).contains("action=\"" + address + "\"");
            assertThat(owner.send(address).status()).isEqualTo(303);
        }
    }

    @Test
    void refreshWarnsAsksForThePasswordAndReplacesTheToken() {
        String former = token(credential(owner, "Refreshed"));
        String address = DEVELOPER + "/" + id(former) + "/refresh";
        needPasswordAgain();
        assertThat(owner.open(address).header("Location")).startsWith("/account/confirm");
        passwordTyped();
        assertThat(owner.open(address).text()).contains("Warning", "Cancel", ">Regenerate<");
        Answer made = owner.send(address);
        String token = token(made);
        assertThat(server.code(former)).isEqualTo("REVOKED");
        assertThat(run(made)).contains(" 204 ");
        assertThat(server.code(token)).isEqualTo("VALID");
    }

    @Test
    void deletedCredentialIsOffEverywhereAndGoneFromTheList() {
        String token = token(credential(owner, "Deleted"));
        String address = DEVELOPER + "/" + id(token) + "/delete";
        assertThat(owner.open(address).text()).contains("Delete Deleted?", "Yes, delete");
        assertThat(owner.send(address).text()).contains("Off everywhere since");
        assertThat(server.code(token)).isEqualTo("REVOKED");
        assertThat(owner.open(DEVELOPER).text()).doesNotContain(id(token));
    }

    @Test
    void credentialOfAnIntegrationSaysWhatMadeIt() {
        server.make("server", ",'source':{'kind':'integration','name':'Advanced reporting'}");
        server.make("web", ",'source':{'kind':'integration','name':'A web one'}");
        assertThat(owner.open(DEVELOPER).text())
                .contains("Made by Advanced reporting")
                .doesNotContain("A web one");
    }

    @Test
    void formThatFailsKeepsWhatWasTyped() {
        pair("Another project, so that one has to be chosen");
        owner.open(DEVELOPER + "/new");
        Answer answer = owner.send(DEVELOPER + "/new", "name", "Typed", "projectId", "");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("value=\"Typed\"", "projectId-error", "choose one");
    }

    @Test
    void rightsAreThoseOfTheKeys() {
        String token = token(credential(owner, "Owner's"));
        TestingReader developer = TestingReader.of(server, Role.DEVELOPER);
        assertThat(developer.open(DEVELOPER).text()).doesNotContain(id(token));
        for (String act : List.of("/edit", "/refresh", "/delete")) {
            assertThat(developer.open(DEVELOPER + "/" + id(token) + act).status())
                    .as(act)
                    .isEqualTo(404);
        }
        for (String act : List.of("/edit", "/refresh", "/delete", "/disable", "/enable")) {
            assertThat(developer
                            .send(DEVELOPER + "/" + id(token) + act, "name", "X")
                            .status())
                    .as(act)
                    .isEqualTo(404);
        }
        TestingReader support = TestingReader.of(server, Role.SUPPORT);
        assertThat(support.open(DEVELOPER).text())
                .contains(id(token), "Disable Owner")
                .doesNotContain("+ Add API Credential", "Refresh Owner", "Delete Owner");
        assertThat(support.open(DEVELOPER + "/new").status()).isEqualTo(403);
        assertThat(support.open(DEVELOPER + "/" + id(token) + "/refresh").status())
                .isEqualTo(403);
        assertThat(server.code(token)).isEqualTo("VALID");
    }

    @Test
    void formOfAnotherSiteChangesNothing() {
        String pair = pair("Safe");
        String secret = token(generate(owner, pair));
        assertThat(owner.sendOnly(pair + "/reset", "reset", "yes").status()).isEqualTo(403);
        assertThat(owner.sendOnly(DEVELOPER + "/" + id(secret) + "/delete").status())
                .isEqualTo(403);
        assertThat(server.code(secret)).isEqualTo("VALID");
    }

    @Test
    void namesAreTextWhateverTheySay() {
        server.make("server", ",'source':{'kind':'integration','name':'<script>alert(2)</script>'}");
        Answer made = credential(owner, "\"><script>alert(1)</script>");
        String id = id(token(made));
        assertThat(made.text()).contains("&lt;script").doesNotContain("<script>alert");
        for (String address : List.of("", "/" + id + "/edit", "/" + id + "/refresh", "/" + id + "/delete")) {
            assertThat(owner.open(DEVELOPER + address).text())
                    .as(address)
                    .contains("&lt;script")
                    .doesNotContain("<script>alert");
        }
    }
}
