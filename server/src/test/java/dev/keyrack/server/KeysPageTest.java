package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Promise: the list of API keys shows each reader what they may see and do, finds any key among many, and turns keys off for
 * good, without a script.
 */
@Tag("engines")
class KeysPageTest {
    private static final String LIST = "/settings/api-keys";
    private static final Pattern NEXT = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"");

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

    private static TestingServer.Made named(String name, String type) {
        Answer answer = server.owner.post(
                "/api/v1/keys", "{'name':\"" + name + "\",'type':'" + type + "','projectId':'" + server.project + "'}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return new TestingServer.Made(answer.at("/key/id"), answer.at("/token"));
    }

    /** An organization that has nothing yet. */
    private record Fresh(String id, TestingClient owner) {
        static Fresh of(String subdomain) {
            Answer made = server.owner.post(
                    "/api/v1/organizations",
                    "{'name':'Fresh','subdomain':'" + subdomain + "','ownerEmail':'owner@example.net'}");
            return new Fresh(made.at("/organization/id"), server.nobody.as("x-api-key", made.at("/token")));
        }
    }

    /** The row of the key's table, or nothing. */
    private static String row(Answer page, String id) {
        for (String row : page.text().split("<tr>", -1)) {
            if (row.contains(LIST + "/" + id + "\"")) {
                return row;
            }
        }
        return "";
    }

    private static String state(TestingServer.Made key) {
        return server.owner.get(key.path()).at("/key/state");
    }

    @Test
    void rowSaysWhatTheKeyIsAndNeverItsToken() {
        TestingServer.Made key = named("Row", "web");
        Answer page = owner.open(LIST);
        String row = row(page, key.id());
        assertThat(row).contains("Row", "Web", "Shop", "Active", "kr_web_" + key.id(), "by owner@example.com", "Never");
        assertThat(page.text()).doesNotContain(key.token());
        assertThat(page.header("Content-Security-Policy"))
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe");
    }

    @Test
    void stateSaysSinceWhenAndByWhom() {
        TestingServer.Made key = named("Disabled one", "server");
        server.owner.post(key.path() + "/disable");
        String since = "by owner@example.com</span>";
        assertThat(row(owner.open(LIST + "?search=Disabled"), key.id()))
                .contains("Disabled", "<span class=\"sub\"><time datetime=\"20", since);
        server.owner.post(key.path() + "/enable");
        assertThat(row(owner.open(LIST + "?search=Disabled"), key.id()))
                .as("works again since then")
                .contains("Active", "<span class=\"sub\"><time datetime=\"20", since)
                .doesNotContain("title=\"Since");
    }

    @Test
    void keyThatIsRevokedAlreadyIsProvedOffOnceMore() {
        TestingServer.Made key = named("Long gone", "web");
        server.owner.delete(key.path());
        Answer again = owner.open(LIST + "/" + key.id() + "/revoke");
        assertThat(again.text()).contains("Long gone is revoked already", "Ask every node");
        assertThat(owner.send(LIST + "/" + key.id() + "/revoke").text())
                .contains("Long gone is revoked", "Off everywhere since", "Confirmed by");
    }

    @Test
    void namesAreTextWhateverTheySay() {
        TestingServer.Made key = named("\\\"><script>alert(1)</script>", "web");
        named("javascript:alert(2)", "web");
        for (String address : List.of(LIST, LIST + "/" + key.id() + "/revoke", LIST + "?search=%22%3E%3Cscript%3E")) {
            assertThat(owner.open(address).text())
                    .as(address)
                    .contains("&lt;script")
                    .doesNotContain("<script>alert")
                    .doesNotContain("=\"javascript:");
        }
    }

    @Test
    void everyKeyIsOnOnePageOfManyWhateverTheOrder() {
        Fresh many = Fresh.of("many");
        String project =
                many.owner().post("/api/v1/projects", "{'name':'Many'}").at("/project/id");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            ids.add(many.owner()
                    .post(
                            "/api/v1/keys",
                            "{'name':'Key','type':'" + (i % 2 == 0 ? "web" : "server") + "','projectId':'" + project
                                    + "'}")
                    .at("/key/id"));
        }
        TestingReader reader = TestingReader.of(server, Role.ADMIN, many.id());
        for (String sort : List.of("", "?sort=name", "?sort=-name", "?sort=type", "?sort=createdAt&type=web")) {
            List<String> seen = new ArrayList<>();
            String address = LIST + sort;
            int pages = 0;
            while (!address.isEmpty()) {
                Answer page = reader.open(address);
                assertThat(page.status()).isEqualTo(200);
                assertThat(page.text().contains("Back to the first page")).isEqualTo(pages > 0);
                ids.stream().filter(id -> !row(page, id).isEmpty()).forEach(seen::add);
                Matcher next = NEXT.matcher(page.text());
                address = next.find() ? next.group(1).replace("&amp;", "&") : "";
                pages++;
            }
            assertThat(seen).as(sort).doesNotHaveDuplicates().hasSize(sort.contains("type=web") ? 60 : 120);
        }
    }

    @Test
    void orderStandsInTheHeaderAndInTheAddress() {
        named("Order", "web");
        String page = owner.open(LIST + "?sort=name&type=web").text();
        assertThat(page).contains("aria-sort=\"ascending\"", "href=\"" + LIST + "?type=web&amp;sort=-name\"");
        assertThat(owner.open(LIST).text()).containsOnlyOnce("aria-sort=").contains("aria-sort=\"descending\"");
    }

    @Test
    void filterFindsByNameIdTypeStateAndProject() {
        TestingServer.Made web = named("Filter web", "web");
        TestingServer.Made mobile = named("Filter mobile", "mobile");
        server.owner.post(mobile.path() + "/disable");
        for (String query : List.of(
                "?search=filter+w",
                "?search=" + web.id(),
                "?search=filter&type=web&state=&sort=",
                "?search=filter&state=active",
                "?search=filter+w&projectId=" + server.project,
                "?search=filter+w&projectId=shop",
                "?search=filter+w&owner=me")) {
            Answer page = owner.open(LIST + query);
            assertThat(row(page, web.id())).as(query).isNotEmpty();
            assertThat(row(page, mobile.id())).as(query).isEmpty();
        }
        assertThat(owner.open(LIST + "?search=nobody+has+this").text()).contains("No key fits this filter", "Show all");
        assertThat(owner.open(LIST + "?projectId=nowhere").text()).contains("there is no project of this name or id");
    }

    @Test
    void revokedKeysAreListedForWhoeverAsksAndExpiredOnesByThemselves() {
        TestingServer.Made revoked = named("Gone for good", "web");
        server.owner.delete(revoked.path());
        TestingServer.Made expired = named("Gone by itself", "web");
        server.byHand("UPDATE keys SET expires_at = 1 WHERE id = '" + expired.id() + "'");
        Answer usual = owner.open(LIST + "?search=gone&sort=name");
        assertThat(row(usual, expired.id())).contains("Expired");
        assertThat(row(usual, revoked.id())).isEmpty();
        assertThat(usual.text()).contains("href=\"" + LIST + "?search=gone&amp;state=revoked&amp;sort=name\"");
        assertThat(row(owner.open(LIST + "?state=revoked"), revoked.id())).contains("Revoked");
        assertThat(row(owner.open(LIST + "?state=expired"), expired.id())).contains("Expired");
        assertThat(row(owner.open(LIST + "?state=active"), expired.id())).isEmpty();
    }

    @Test
    void listIsFilteredAndSortedAsBeforeAfterAQuestion() {
        TestingServer.Made key = named("Question", "web");
        String list = LIST + "?type=web&sort=name";
        String page = owner.open(list).text();
        String asked = "/revoke?list=" + TestingClient.encoded(list);
        assertThat(page).contains(asked);
        String back = "href=\"" + list.replace("&", "&amp;") + "\"";
        assertThat(owner.open(LIST + "/" + key.id() + asked).text()).contains(back);
        assertThat(owner.send(LIST + "/" + key.id() + "/revoke", "list", list).text())
                .contains(back);
        assertThat(owner.open(LIST + "/" + key.id() + "/revoke?list=%2Faudit").text())
                .doesNotContain("href=\"/audit\" data-dialog-close");
    }

    @Test
    void emptyListExplainsItselfToEachRole() {
        Fresh fresh = Fresh.of("fresh");
        assertThat(TestingReader.of(server, Role.OWNER, fresh.id()).open(LIST).text())
                .contains("There is no API key here yet", "Create API Key", "Integration guide");
        assertThat(TestingReader.of(server, Role.SUPPORT, fresh.id()).open(LIST).text())
                .contains("An Owner, Admin or Developer can create one")
                .doesNotContain("Create API Key");
    }

    @Test
    void eachRoleSeesWhatItMayDo() {
        TestingServer.Made key = named("Roles", "web");
        record Seen(Role role, boolean row, boolean create, boolean revoke, boolean disable, boolean copyToken) {}
        for (Seen seen : List.of(
                new Seen(Role.ADMIN, true, true, true, true, true),
                new Seen(Role.DEVELOPER, false, true, false, false, false),
                new Seen(Role.SUPPORT, true, false, false, true, false),
                new Seen(Role.ANALYTICS, true, false, false, false, false))) {
            Answer page = TestingReader.of(server, seen.role()).open(LIST + "?search=Roles");
            String row = row(page, key.id());
            assertThat(!row.isEmpty()).as(seen + " row").isEqualTo(seen.row());
            assertThat(page.text().contains("Create API Key"))
                    .as(seen + " create")
                    .isEqualTo(seen.create());
            assertThat(row.contains("/revoke")).as(seen + " revoke").isEqualTo(seen.revoke());
            assertThat(page.text().contains("value=\"disable\""))
                    .as(seen + " disable")
                    .isEqualTo(seen.disable());
            assertThat(row.contains("/copy")).as(seen + " copy").isEqualTo(seen.copyToken());
        }
    }

    @Test
    void whatThePageHidesTheServerRefuses() {
        TestingServer.Made key = named("Refused", "web");
        for (Role role : List.of(Role.SUPPORT, Role.ANALYTICS)) {
            TestingReader reader = TestingReader.of(server, role);
            reader.open(LIST);
            assertThat(reader.send(LIST + "/" + key.id() + "/revoke").status()).isEqualTo(403);
            assertThat(reader.send(LIST + "/" + key.id() + "/copy").status()).isEqualTo(403);
            assertThat(reader.send(LIST + "/bulk", "act", "revoke-confirmed", "id", key.id())
                            .text())
                    .contains("No key was revoked", "does not allow this");
        }
        TestingReader developer = TestingReader.of(server, Role.DEVELOPER);
        developer.open("/account/sessions");
        for (String act : List.of("/revoke", "/copy")) {
            Answer foreign = developer.send(LIST + "/" + key.id() + act);
            Answer nothing = developer.send(LIST + "/00000000000" + act);
            assertThat(foreign.status()).isEqualTo(nothing.status()).isEqualTo(404);
        }
        assertThat(state(key)).isEqualTo("active");
        assertThat(server.code(key.token())).isEqualTo("VALID");
    }

    @Test
    void publishableTokenIsCopiedAndTheCopyIsAudited() {
        TestingServer.Made web = named("Copied", "web");
        owner.open(LIST);
        assertThat(owner.send(LIST + "/" + web.id() + "/copy").text()).contains("data-token>" + web.token() + "<");
        assertThat(server.owner.get("/api/v1/audit?target=" + web.id()).items("/action"))
                .contains("key.revealed");
        TestingServer.Made secret = named("Not copied", "server");
        assertThat(row(owner.open(LIST + "?search=Not+copied"), secret.id()))
                .contains("data-copy-text=\"" + secret.id() + "\"", "The token was shown once");
        assertThat(owner.send(LIST + "/" + secret.id() + "/copy").status()).isEqualTo(403);
    }

    @Test
    void copyAsksForThePasswordAgainAfterTenMinutes() {
        TestingServer.Made web = named("Late", "web");
        TestingReader late = TestingReader.of(server, Role.ADMIN);
        late.open(LIST);
        server.byHand("UPDATE portal_sessions SET confirmed_at = confirmed_at - 700000000");
        assertThat(late.send(LIST + "/" + web.id() + "/copy").header("Location"))
                .startsWith("/account/confirm?next=");
        server.byHand("UPDATE portal_sessions SET confirmed_at = confirmed_at + 700000000");
    }

    @Test
    void revocationIsAskedForAndProved() {
        TestingServer.Made key = named("To revoke", "web");
        String question = owner.open(LIST + "/" + key.id() + "/revoke").text();
        assertThat(question).contains("Revoke To revoke?", "can never be turned on again", "Cancel", "Yes, delete");
        assertThat(question)
                .contains("nothing was said through it", "it was never refused", "are not recorded yet")
                .doesNotContain("own page opens it");
        assertThat(state(key)).isEqualTo("active");
        Answer done = owner.send(LIST + "/" + key.id() + "/revoke");
        assertThat(done.text())
                .contains("To revoke is revoked", "Off everywhere since", "Confirmed by", "after it was");
        assertThat(server.code(key.token())).isEqualTo("REVOKED");
        assertThat(owner.send(LIST + "/" + key.id() + "/revoke").status())
                .as("a reload")
                .isEqualTo(200);
        assertThat(owner.open(LIST + "/" + key.id() + "/revoke").text())
                .contains("is revoked already")
                .doesNotContain("Yes, delete");
        assertThat(row(owner.open(LIST + "?state=revoked&search=" + key.id()), key.id()))
                .contains("Revoked")
                .doesNotContain("/revoke\"")
                .doesNotContain("/edit\"")
                .doesNotContain("/copy\"");
    }

    @Test
    void manyAreDisabledAtOnceAndWhatWasLeftIsSaid() {
        TestingServer.Made first = named("Bulk 1", "web");
        TestingServer.Made second = named("Bulk 2", "server");
        TestingServer.Made revoked = named("Bulk gone", "web");
        TestingServer.Made foreign = server.makeOther();
        server.owner.delete(revoked.path());
        Answer done =
                bulk(owner, "disable", "id", first.id(), "id", second.id(), "id", revoked.id(), "id", foreign.id());
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.text())
                .contains("2 keys are disabled", "2 keys were left as they are", "Bulk gone", "The key is revoked")
                .contains(foreign.id(), "There is nothing at this address that you may see")
                .contains("Off everywhere since");
        assertThat(List.of(state(first), state(second))).containsOnly("disabled");
        assertThat(server.code(foreign.token())).isEqualTo("VALID");
        assertThat(server.code(second.token())).isEqualTo("DISABLED");
    }

    @Test
    void whatWasDisabledAtOnceAndNothingElseIsEnabledAgain() {
        TestingServer.Made first = named("Undo 1", "web");
        TestingServer.Made second = named("Undo 2", "server");
        TestingServer.Made off = named("Off before", "server");
        server.owner.post(off.path() + "/disable");
        owner.open(LIST);
        String[] keys = {"id", first.id(), "id", second.id(), "id", off.id()};
        Answer done = bulk(owner, "disable", keys);
        assertThat(done.text())
                .contains(
                        "3 keys are disabled",
                        "Enable again",
                        "1 key was disabled before",
                        hidden(first),
                        hidden(second))
                .doesNotContain(hidden(off));
        assertThat(bulk(owner, "disable", keys).text())
                .as("what was off already")
                .doesNotContain("Enable again");

        assertThat(bulk(TestingReader.of(server, Role.ANALYTICS), "enable", keys)
                        .text())
                .contains("No key was enabled", "does not allow this");
        assertThat(server.code(first.token())).isEqualTo("DISABLED");
        server.owner.delete(second.path());
        Answer undone = bulk(owner, "enable", "id", first.id(), "id", second.id());
        assertThat(undone.text())
                .contains("1 key is active again", "The key is revoked")
                .doesNotContain("No node says yes", "Enable again");
        assertThat(server.code(first.token())).isEqualTo("VALID");
        assertThat(List.of(state(second), state(off))).containsExactly("revoked", "disabled");
    }

    private static String hidden(TestingServer.Made key) {
        return "<input type=\"hidden\" name=\"id\" value=\"" + key.id() + "\">";
    }

    private static Answer bulk(TestingReader reader, String act, String... keys) {
        reader.open("/account");
        return reader.send(
                LIST + "/bulk",
                Stream.concat(Stream.of("act", act), Stream.of(keys)).toArray(String[]::new));
    }

    @Test
    void manyAreRevokedOnlyAfterAYes() {
        TestingServer.Made first = named("Bulk revoke 1", "web");
        TestingServer.Made second = named("Bulk revoke 2", "server");
        owner.open(LIST);
        Answer question = owner.send(LIST + "/bulk", "act", "revoke", "id", first.id(), "id", second.id());
        assertThat(question.text()).contains("Revoke 2 keys?", "Bulk revoke 1", "Bulk revoke 2", "Yes, delete");
        assertThat(state(first)).isEqualTo("active");
        Answer done = owner.send(LIST + "/bulk", "act", "revoke-confirmed", "id", first.id(), "id", second.id());
        assertThat(done.text()).contains("2 keys are revoked", "Off everywhere since");
        assertThat(List.of(server.code(first.token()), server.code(second.token())))
                .containsOnly("REVOKED");
        assertThat(owner.send(LIST + "/bulk", "act", "disable").header("Location"))
                .endsWith("?done=nothing-selected");
    }

    @Test
    void formsOfOtherPagesChangeNothing() {
        TestingServer.Made key = named("Forged", "web");
        owner.open(LIST);
        for (String address :
                List.of(LIST + "/" + key.id() + "/revoke", LIST + "/bulk", LIST + "/" + key.id() + "/copy")) {
            assertThat(owner.sendOnly(address, "act", "revoke-confirmed", "id", key.id())
                            .status())
                    .as(address)
                    .isEqualTo(403);
        }
        assertThat(state(key)).isEqualTo("active");
    }
}
