package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Promise: the page of a key shows each reader what they may see and do, and everything on it works without a script; a form
 * that fails keeps what was typed.
 */
class KeyPageTest {
    private static final String HOSTILE = "\"><script>alert(1)</script>";
    private static final Pattern VERSION = Pattern.compile("name=\"version\" value=\"([^\"]+)\"");
    private static final Pattern TOKEN = Pattern.compile("data-token>([^<]+)<");

    private static TestingServer server;
    private static TestingReader owner;
    private static TestingReader support;
    private static TestingReader analytics;
    private static TestingReader developer;

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        owner = TestingReader.owner(server);
        support = TestingReader.of(server, Role.SUPPORT);
        analytics = TestingReader.of(server, Role.ANALYTICS);
        developer = TestingReader.of(server, Role.DEVELOPER);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String page(TestingServer.Made key) {
        return "/settings/api-keys/" + key.id();
    }

    private static String found(Pattern pattern, Answer page) {
        Matcher found = pattern.matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        return found.group(1);
    }

    private static String version(TestingServer.Made key) {
        return found(VERSION, owner.open(page(key) + "/edit"));
    }

    private static Answer saved(TestingServer.Made key) {
        return server.owner.get(key.path());
    }

    @Test
    void generalSaysWhatTheKeyIsAndNeverItsToken() {
        TestingServer.Made key = server.make("web", ",'metadata':{'customer':'1234'},'permissions':['chat.start']");
        Answer general = owner.open(page(key));
        assertThat(general.status()).isEqualTo(200);
        assertThat(general.text())
                .contains("kr_web_" + key.id(), "Public: every visitor can read it", "owner@example.com", "chat.start")
                .contains("customer", "1234", "Danger zone", page(key) + "/regenerate", page(key) + "/revoke")
                .doesNotContain(key.token());
    }

    @Test
    void developerSeesTheSameAsForNoKeyWhenTheKeyIsAnothers() {
        TestingServer.Made key = server.make("web");
        for (String tab : List.of("", "/edit", "/restrictions", "/refusals", "/activity", "/regenerate")) {
            assertThat(developer.open(page(key) + tab).status()).as(tab).isEqualTo(404);
            assertThat(owner.open("/settings/api-keys/none" + tab).status())
                    .as(tab)
                    .isEqualTo(404);
        }
        developer.open("/settings/api-keys");
        for (String act :
                List.of("/reveal", "/disable", "/enable", "/end-overlap", "/edit", "/restrictions", "/regenerate")) {
            assertThat(developer.send(page(key) + act, "name", "Stolen").status())
                    .as(act)
                    .isEqualTo(404);
        }
        assertThat(saved(key).at("/key/name")).isEqualTo("Key");
    }

    @Test
    void supportDisablesAndTriesButChangesNothing() {
        TestingServer.Made key = server.make("web", ",'restrictions':{'websites':['https://example.com']}");
        assertThat(support.open(page(key)).text())
                .contains("Disable", "/refusals", "/restrictions")
                .doesNotContain("/regenerate", "/edit\"", "/reveal");
        assertThat(support.open(page(key) + "/restrictions").text())
                .contains("https://example.com", "Try it")
                .doesNotContain("Save restrictions", "Start local development");
        assertThat(support.open(page(key) + "/edit").status()).isEqualTo(403);
        assertThat(support.open(page(key) + "/regenerate").status()).isEqualTo(403);
        support.open(page(key));
        assertThat(support.send(page(key) + "/reveal").status()).isEqualTo(403);
        assertThat(support.send(page(key) + "/edit", "name", "New").status()).isEqualTo(403);
        assertThat(support.send(page(key) + "/restrictions", "set-websites", "no")
                        .status())
                .isEqualTo(403);
        assertThat(support.send(page(key) + "/regenerate", "overlap", "0").status())
                .isEqualTo(403);
        assertThat(support.send(page(key) + "/disable").header("Location")).isEqualTo(page(key) + "?done=key-disabled");
        assertThat(server.code(key.token())).isEqualTo("DISABLED");
        assertThat(saved(key).at("/key/restrictions/websites/0")).isEqualTo("https://example.com");
    }

    @Test
    void analyticsSeesTheKeyAndItsActivityAndChangesNothing() {
        TestingServer.Made key = server.make("web");
        assertThat(analytics.open(page(key)).text())
                .contains("kr_web_")
                .contains("/activity")
                .doesNotContain("/refusals", "/restrictions", "Danger zone", "/reveal");
        for (String tab : List.of("/edit", "/restrictions", "/refusals", "/regenerate", "/revoke")) {
            assertThat(analytics.open(page(key) + tab).status()).as(tab).isEqualTo(403);
        }
        analytics.open(page(key));
        assertThat(analytics.send(page(key) + "/disable").status()).isEqualTo(403);
    }

    @Test
    void everyFormAsksForItsOwnPage() {
        TestingServer.Made key = server.make("web");
        owner.open(page(key));
        for (String act : List.of(
                "/reveal",
                "/disable",
                "/enable",
                "/end-overlap",
                "/edit",
                "/restrictions",
                "/restrictions/local",
                "/restrictions/local/end",
                "/regenerate")) {
            assertThat(owner.sendOnly(page(key) + act, "name", "Forged", "overlap", "0")
                            .status())
                    .as(act)
                    .isEqualTo(403);
        }
        assertThat(server.code(key.token())).isEqualTo("VALID");
    }

    @Test
    void disablingOffersToUndoIt() {
        TestingServer.Made key = server.make("web");
        owner.open(page(key));
        Answer done = owner.send(page(key) + "/disable");
        assertThat(server.code(key.token())).isEqualTo("DISABLED");
        assertThat(owner.open(done.header("Location")).text()).contains("no node says yes", "Undo: enable it again");
        owner.send(page(key) + "/enable");
        assertThat(server.code(key.token())).isEqualTo("VALID");
    }

    @Test
    void publicTokenIsShownOnDemandAndThatIsAudited() {
        TestingServer.Made key = server.make("mobile");
        owner.open(page(key));
        assertThat(found(TOKEN, owner.send(page(key) + "/reveal"))).isEqualTo(key.token());
        assertThat(owner.open(page(key) + "/activity").text()).contains("Token revealed", "API key created");
        TestingServer.Made secret = server.make("server");
        assertThat(owner.open(page(secret)).text()).contains("shown once").doesNotContain("/reveal");
        assertThat(owner.send(page(secret) + "/reveal").status()).isEqualTo(403);
    }

    @Test
    void tokenIsShownOnlyToWhoeverTypedThePasswordLately() {
        TestingServer.Made key = server.make("web");
        TestingReader late = TestingReader.of(server, Role.ADMIN);
        late.open(page(key));
        server.byHand("UPDATE portal_sessions SET confirmed_at = confirmed_at - 660000000");
        try {
            for (String act : List.of("/reveal", "/regenerate")) {
                Answer asked = late.send(page(key) + act, "overlap", "0");
                assertThat(asked.status()).isEqualTo(303);
                assertThat(asked.header("Location")).startsWith("/account/confirm?next=%2Fsettings%2Fapi-keys%2F");
            }
            assertThat(late.send(page(key) + "/disable").header("Location")).contains("done=key-disabled");
            // Whoever has to turn something off is not held up.
            for (String leaked : List.of("revoke", "bulk", "credential")) {
                TestingServer.Made off = server.make("server");
                Answer done = switch (leaked) {
                    case "revoke" -> late.send(page(off) + "/revoke");
                    case "bulk" ->
                        late.send("/settings/api-keys/bulk", "act", "revoke-confirmed", "id", off.id(), "list", "");
                    default -> late.send("/settings/api-credentials/" + off.id() + "/delete");
                };
                assertThat(done.status()).as(leaked).isEqualTo(200);
                assertThat(saved(off).at("/key/state")).as(leaked).isEqualTo("revoked");
            }
        } finally {
            server.byHand("UPDATE portal_sessions SET confirmed_at = confirmed_at + 660000000");
        }
        assertThat(saved(key).at("/key/generation")).isEqualTo("1");
    }

    @Test
    void editChangesWhatWasTypedAndNothingElse() {
        TestingServer.Made key = server.make("web", ",'metadata':{'a':'1','b':'2'},'permissions':['chat.start']");
        Answer done = owner.send(
                page(key) + "/edit",
                "version",
                version(key),
                "name",
                "New name",
                "expiresAt",
                "2099-05-06T07:08",
                "permissions-kind",
                "some",
                "permissions",
                "chat.start\r\nchat.read",
                "metadata",
                "b = two = 2\r\nc=3");
        assertThat(done.header("Location")).as(done.text()).isEqualTo(page(key) + "?done=key-saved");
        Answer is = saved(key);
        assertThat(is.at("/key/name")).isEqualTo("New name");
        assertThat(is.at("/key/expiresAt")).isEqualTo("2099-05-06T07:08:00Z");
        assertThat(is.json().at("/key/metadata").toString()).isEqualTo("{\"b\":\"two = 2\",\"c\":\"3\"}");
        assertThat(is.json().at("/key/permissions").toString()).isEqualTo("[\"chat.start\",\"chat.read\"]");
        assertThat(server.code(key.token())).isEqualTo("VALID");
    }

    @Test
    void editTakesPermissionsAndExpiryAwayAgain() {
        TestingServer.Made key =
                server.make("web", ",'expiresAt':'2099-01-01T00:00:00.5Z','permissions':['chat.start']");
        owner.send(
                page(key) + "/edit",
                "version",
                version(key),
                "name",
                "Key",
                "expiresAt",
                "2099-01-01T00:00",
                "permissions-kind",
                "all");
        assertThat(saved(key).at("/key/expiresAt")).isEqualTo("2099-01-01T00:00:00.500Z");
        assertThat(saved(key).json().at("/key/permissions").isArray()).isFalse();
        owner.send(page(key) + "/edit", "version", version(key), "name", "Key", "expiresAt", "");
        assertThat(saved(key).json().at("/key/expiresAt").isString()).isFalse();
    }

    @Test
    void editThatFailsKeepsWhatWasTypedAndSaysWhatToDo() {
        TestingServer.Made key = server.make("web");
        Answer again = owner.send(
                page(key) + "/edit",
                "version",
                version(key),
                "name",
                HOSTILE.repeat(5),
                "expiresAt",
                "1999-01-01T00:00",
                "permissions-kind",
                "some",
                "permissions",
                HOSTILE,
                "metadata",
                "twice = " + HOSTILE + "\ntwice = 2");
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.text())
                .doesNotContain("<script>alert")
                .contains("&lt;script>alert(1)")
                .contains("must lie in the future", "value=\"1999-01-01T00:00\"", "must be a permission")
                .contains("has 1 to 100 characters", "twice stands there twice", "data-guard=\"changed\"");
    }

    @Test
    void namesAndMetadataAreTextWhateverTheySay() {
        TestingServer.Made key = server.make("web");
        Answer done = owner.send(
                page(key) + "/edit",
                "version",
                version(key),
                "name",
                HOSTILE,
                "permissions-kind",
                "all",
                "metadata",
                HOSTILE + " = javascript:alert(2)");
        assertThat(done.status()).as(done.text()).isEqualTo(303);
        for (String tab : List.of("", "/edit", "/restrictions", "/refusals", "/activity", "/regenerate", "/revoke")) {
            Answer shown = owner.open(page(key) + tab);
            assertThat(shown.status()).as(tab).isEqualTo(200);
            assertThat(shown.text()).as(tab).doesNotContain("<script>alert").doesNotContain("href=\"javascript:");
        }
    }

    @Test
    void formThatIsOvertakenShowsBothAndSavesOnTheSecondTry() {
        TestingServer.Made key = server.make("web");
        String read = version(key);
        server.owner.patch(key.path(), "{'name':'Theirs'}");
        Answer both = owner.send(page(key) + "/edit", "version", read, "name", "Mine", "permissions-kind", "all");
        assertThat(both.status()).isEqualTo(412);
        assertThat(both.text()).contains("value=\"Mine\"", "Theirs", "changed in the meantime");
        assertThat(saved(key).at("/key/name")).isEqualTo("Theirs");
        owner.send(page(key) + "/edit", "version", found(VERSION, both), "name", "Mine", "permissions-kind", "all");
        assertThat(saved(key).at("/key/name")).isEqualTo("Mine");
    }

    @Test
    void formWithoutAVersionChangesNothing() {
        TestingServer.Made key = server.make("web");
        owner.open(page(key) + "/edit");
        assertThat(owner.send(page(key) + "/edit", "name", "New").status()).isEqualTo(412);
        assertThat(owner.send(page(key) + "/regenerate", "overlap", "0").status())
                .isEqualTo(412);
        assertThat(saved(key).at("/key/name")).isEqualTo("Key");
        assertThat(server.code(key.token())).isEqualTo("VALID");
    }

    @Test
    void ownerIsChosenAmongTheMembersByWhoeverMayChangeEveryKey() {
        TestingServer.Made key = server.make("web");
        assertThat(owner.open(page(key) + "/edit").text()).contains("name=\"ownerId\"");
        String id = server.member(Role.DEVELOPER).get("/api/v1/me").at("/member/id");
        owner.send(
                page(key) + "/edit", "version", version(key), "name", "Key", "ownerId", id, "permissions-kind", "all");
        assertThat(saved(key).at("/key/owner/id")).isEqualTo(id);
    }

    @Test
    void newOwnerIsTypedWhereThereAreTooManyToChooseFrom() {
        TestingReader reader = TestingReader.of(server, Role.ADMIN, server.otherOrganization);
        String id = server.other
                .post("/api/v1/keys", "{'name':'Shop','type':'server','projectId':'" + server.otherProject + "'}")
                .at("/key/id");
        String edit = "/settings/api-keys/" + id + "/edit";
        assertThat(reader.open(edit).text()).contains("<select id=\"ownerId\"");
        String heir = "";
        for (int i = 0; i < 51; i++) {
            heir = server.member(Role.DEVELOPER, server.otherOrganization)
                    .get("/api/v1/me")
                    .at("/member/email");
        }
        Answer form = reader.open(edit);
        assertThat(form.text()).contains("Type an e-mail address").doesNotContain("<select id=\"ownerId\"");
        String version = found(VERSION, form);
        Answer wrong = giveTo(reader, edit, version, "nobody@example.com");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("ownerId-error", "value=\"nobody@example.com\"");
        assertThat(giveTo(reader, edit, version, heir).status()).isEqualTo(303);
        assertThat(reader.open("/settings/api-keys/" + id).text()).contains(heir);
    }

    private static Answer giveTo(TestingReader reader, String edit, String version, String owner) {
        return reader.send(edit, "version", version, "name", "Shop", "ownerId", owner, "permissions-kind", "all");
    }

    @Test
    void regeneratingShowsTheNewTokenOnceAndAReloadShowsTheSame() {
        TestingServer.Made key = server.make("server");
        Answer question = owner.open(page(key) + "/regenerate");
        assertThat(question.text()).contains("Whoever uses this key must be given the new token");
        String version = found(VERSION, question);
        Answer made = owner.send(page(key) + "/regenerate", "version", version, "overlap", "3600");
        String token = found(TOKEN, made);
        server.minted.add(token);
        assertThat(made.text()).contains("You will not see this again.", "I have stored it", "works until");
        assertThat(made.text()).contains("id=\"snippet-curl\"", "id=\"snippet-java\"", "id=\"snippet-python\"");
        assertThat(server.code(token)).isEqualTo("VALID");
        assertThat(server.code(key.token())).isEqualTo("VALID");
        assertThat(saved(key).at("/key/generation")).isEqualTo("2");
        assertThat(owner.open(page(key)).text()).contains("Generation 2", "Works until", "End it now");
        assertThat(owner.send(page(key) + "/end-overlap").header("Location")).contains("done=overlap-ended");
        assertThat(server.code(key.token())).isEqualTo("REVOKED");
        assertThat(owner.open(page(key)).text()).doesNotContain("End it now");
    }

    @Test
    void reloadedRegenerationGivesTheSameTokenAndMakesNoOther() {
        TestingServer.Made key = server.make("server");
        Answer question = owner.open(page(key) + "/regenerate");
        String once = found(Pattern.compile("name=\"once\" value=\"([^\"]+)\""), question);
        String csrf = found(Pattern.compile("name=\"csrf\" value=\"([^\"]+)\""), question);
        String[] form = {"csrf", csrf, "once", once, "version", found(VERSION, question), "overlap", "0"};
        String token = found(TOKEN, owner.sendOnly(page(key) + "/regenerate", form));
        server.minted.add(token);
        assertThat(found(TOKEN, owner.sendOnly(page(key) + "/regenerate", form)))
                .isEqualTo(token);
        assertThat(saved(key).at("/key/generation")).isEqualTo("2");
        assertThat(server.code(key.token())).isEqualTo("REVOKED");
        server.owner.delete(key.path());
        assertThat(owner.sendOnly(page(key) + "/regenerate", form).header("Location"))
                .contains("done=token-gone");
    }

    @Test
    void overlapOfAnotherTimeIsBounded() {
        TestingServer.Made key = server.make("server");
        String version = found(VERSION, owner.open(page(key) + "/regenerate"));
        for (String seconds : List.of("", "-1", "2592001", "soon")) {
            Answer again = owner.send(
                    page(key) + "/regenerate", "version", version, "overlap", "custom", "overlapSeconds", seconds);
            assertThat(again.status()).as(seconds).isEqualTo(400);
            assertThat(again.text()).contains("overlapSeconds-error");
        }
        Answer made =
                owner.send(page(key) + "/regenerate", "version", version, "overlap", "custom", "overlapSeconds", "90");
        server.minted.add(found(TOKEN, made));
    }

    @Test
    void revokedKeyStaysReadableAndSaysThatItCanNeverBeUndone() {
        TestingServer.Made key = server.make("web", ",'restrictions':{'websites':['https://example.com']}");
        server.owner.delete(key.path());
        for (String tab : List.of("", "/restrictions", "/refusals", "/activity")) {
            Answer shown = owner.open(page(key) + tab);
            assertThat(shown.status()).isEqualTo(200);
            assertThat(shown.text())
                    .as(tab)
                    .contains("owner@example.com revoked this key. That can never be undone")
                    .doesNotContain("Danger zone", "/edit\"", "Save restrictions", "/reveal");
        }
        assertThat(owner.send(page(key) + "/edit", "version", "9", "name", "New")
                        .status())
                .isIn(409, 412);
        assertThat(owner.send(page(key) + "/enable").status()).isEqualTo(409);
    }

    @Test
    void activityIsPagedAndEndsWithTheBeginning() {
        TestingServer.Made key = server.make("web");
        for (int i = 0; i < 4; i++) {
            server.owner.patch(key.path(), "{'name':'Key " + i + "'}");
        }
        Answer first = owner.open(page(key) + "/activity?limit=2");
        assertThat(first.text()).contains("API key edited").doesNotContain("API key created");
        String next = found(Pattern.compile("rel=\"next\" href=\"([^\"]+)\""), first);
        assertThat(owner.open(next.replace("&amp;", "&")).text()).contains("API key created");
    }
}
