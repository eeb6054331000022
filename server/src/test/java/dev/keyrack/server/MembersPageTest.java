package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Promise: members are invited, changed, helped and removed by those who manage their role, and nobody is left without an owner. */
class MembersPageTest {
    private static final String INVITE = "/members/invitations/new";
    private static final Pattern LINK = Pattern.compile("id=\"link\"[^>]*>([^<]+)<");

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

    private static String link(Answer page) {
        Matcher found = LINK.matcher(page.text());
        assertThat(found.find()).as(page.status() + " " + page.text()).isTrue();
        return found.group(1);
    }

    private static Answer invite(TestingReader by, String email, String role) {
        by.open(INVITE);
        return by.send(INVITE, "email", email, "role", role);
    }

    private static String join(String email, String role) {
        return People.join(server, server.owner, email, role);
    }

    private static String role(String id) {
        return server.owner.get("/api/v1/members/" + id).at("/member/role");
    }

    @Test
    void invitationShowsItsLinkOnceAndTheLinkWorks() {
        Answer made = invite(owner, "new@example.com", "support");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.text()).contains("No mail was sent", "shown only now");
        String link = link(made);
        assertThat(owner.open("/members").text())
                .contains("new@example.com", "Open invitations")
                .doesNotContain(link);
        Answer accepted =
                People.accept(server, link.substring(link.indexOf('#') + 1), "violet harbour under nine ladders");
        assertThat(accepted.at("/member/role")).isEqualTo("support");
    }

    @Test
    void everyInvitationIsOnSomePageOfTheirList() {
        for (int i = 0; i < 55; i++) {
            server.owner.post("/api/v1/invitations", "{'email':'many" + i + "@example.com','role':'support'}");
        }
        String first = owner.open("/members").text();
        assertThat(first).contains("many54@example.com").doesNotContain("many0@example.com");
        Matcher next = Pattern.compile("href=\"(/members\\?invitations=[^\"#]+)#invitations\"")
                .matcher(first);
        assertThat(next.find()).isTrue();
        assertThat(owner.open(next.group(1)).text())
                .contains("many0@example.com", "Newest invitations", "owner@example.com")
                .doesNotContain("many54@example.com");
        assertThat(owner.open("/members?invitations=nonsense").status()).isEqualTo(400);
    }

    @Test
    void newLinkTakesTheFormersPlaceAndADeletedInvitationIsOfNoUse() {
        String former = link(invite(owner, "again@example.com", "analytics"));
        owner.open("/members");
        String now = link(owner.send(INVITE, "email", "again@example.com", "role", "analytics"));
        assertThat(now).isNotEqualTo(former);
        assertThat(People.accept(server, former.replaceFirst(".*#", ""), People.PASSWORD)
                        .status())
                .isEqualTo(401);
        String page = owner.open("/members").text();
        Matcher delete =
                Pattern.compile("/members/invitations/([^/\"]+)/delete").matcher(page);
        String id = "";
        for (String row : page.split("<tr>", -1)) {
            Matcher found = delete.reset(row);
            if (row.contains("again@example.com") && found.find()) {
                id = found.group(1);
            }
        }
        TestingReader foreign = TestingReader.of(server, Role.OWNER, server.otherOrganization);
        foreign.open("/members");
        foreign.send("/members/invitations/" + id + "/delete");
        assertThat(owner.open("/members").text())
                .as("another organization's owner deletes nothing of ours")
                .contains("/members/invitations/" + id + "/delete");
        assertThat(owner.send("/members/invitations/" + id + "/delete").header("Location"))
                .isEqualTo("/members?done=invitation-deleted");
        assertThat(People.accept(server, now.replaceFirst(".*#", ""), People.PASSWORD)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void formThatFailsKeepsWhatWasTyped() {
        Answer wrong = invite(owner, "not an address", "developer");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("value=\"not an address\"", "email-error", "value=\"developer\" checked");
        Answer member = invite(owner, "owner@example.com", "developer");
        assertThat(member.status()).isEqualTo(409);
        assertThat(member.text()).contains("member's already", "email-error");
    }

    @Test
    void adminIsOfferedTheRolesBelowTheirsAndRefusedTheOthers() {
        TestingReader admin = TestingReader.of(server, Role.ADMIN);
        String form = admin.open(INVITE).text();
        assertThat(form)
                .contains("value=\"developer\"", "value=\"support\"", "value=\"analytics\"")
                .doesNotContain("value=\"owner\"", "value=\"admin\"");
        assertThat(invite(admin, "higher@example.com", "owner").status()).isEqualTo(403);
        String id = join("above@example.com", "admin");
        assertThat(admin.open("/members").text()).doesNotContain("/members/" + id + "/remove");
        admin.open("/members/" + id + "/edit");
        assertThat(admin.send("/members/" + id + "/edit", "role", "analytics", "name", "")
                        .status())
                .isEqualTo(403);
        assertThat(admin.send("/members/" + id + "/remove").status()).isEqualTo(403);
        assertThat(admin.send("/members/" + id + "/recovery").status()).isEqualTo(403);
        assertThat(role(id)).isEqualTo("admin");
    }

    @Test
    void roleAndNameAreChanged() {
        String id = join("changed@example.com", "analytics");
        assertThat(owner.open("/members/" + id + "/edit").text()).contains("value=\"analytics\" checked");
        Answer changed = owner.send("/members/" + id + "/edit", "role", "developer", "name", "Rosa");
        assertThat(changed.header("Location")).isEqualTo("/members?done=member-changed");
        assertThat(role(id)).isEqualTo("developer");
        assertThat(owner.open("/members?search=Rosa").text()).contains("changed@example.com");
    }

    @Test
    void onlyOwnerIsToldWhyTheyStay() {
        String me = server.owner.get("/api/v1/me").at("/member/id");
        assertThat(owner.open("/members/" + me + "/edit").text())
                .contains("is the only Owner")
                .doesNotContain("name=\"role\"");
        Answer question = owner.open("/members/" + me + "/remove");
        assertThat(question.text()).contains("is the only Owner").doesNotContain(">Leave<");
        Answer left = owner.send("/members/" + me + "/remove");
        assertThat(left.status()).isEqualTo(409);
        assertThat(left.text()).contains("only Owner");
    }

    @Test
    void whatARemovedMemberHadGoesToWhoWasChosen() {
        String id = join("leaving@example.com", "developer");
        String heir = join("taking@example.com", "developer");
        String project =
                server.owner.post("/api/v1/projects", "{'name':'Left behind'}").at("/project/id");
        server.owner.patch("/api/v1/projects/" + project, "{'ownerId':'" + id + "'}");
        TestingServer.Made key = server.make("server");
        server.owner.patch(key.path(), "{'ownerId':'" + id + "'}");

        assertThat(owner.open("/members/" + id + "/remove").text())
                .contains("1 key and 1 project", "taking@example.com")
                .doesNotContain("<option value=\"" + id);
        Answer unchosen = owner.send("/members/" + id + "/remove", "newOwnerId", "");
        assertThat(unchosen.status()).isEqualTo(409);
        assertThat(unchosen.text()).contains("newOwnerId-error");
        Answer removed = owner.send("/members/" + id + "/remove", "newOwnerId", heir);
        assertThat(removed.header("Location")).isEqualTo("/members?done=member-removed");
        assertThat(server.owner.get("/api/v1/projects/" + project).at("/project/owner/id"))
                .isEqualTo(heir);
        assertThat(server.code(key.token())).isEqualTo("VALID");
    }

    @Test
    void everybodyMayLeaveAndIsOfferedTheOwnersForWhatIsTheirs() {
        join("going@example.com", "developer");
        join("colleague@example.com", "developer");
        TestingReader going = TestingReader.signedIn(server, "going@example.com");
        going.open("/projects/new");
        going.send("/projects/new", "name", "Going with me?");
        String question = going.open("/members/leave").header("Location");
        Answer page = going.open(question);
        assertThat(page.text())
                .contains("no keys", "1 project", "owner@example.com")
                .doesNotContain("colleague@example.com");
        String heir = server.owner.get("/api/v1/me").at("/member/id");
        assertThat(going.send(question, "newOwnerId", heir).header("Location")).isEqualTo("/sign-in?done=left");
        assertThat(going.open("/projects").header("Location")).startsWith("/sign-in");
    }

    @Test
    void recoveryLinkIsShownOnceAndWorks() {
        String id = join("lost@example.com", "developer");
        assertThat(owner.open("/members/" + id + "/recovery").text()).contains("for an hour");
        String link = link(owner.send("/members/" + id + "/recovery"));
        Answer used = server.nobody.post(
                "/api/v1/recover",
                "{'code':'" + link.replaceFirst(".*#", "") + "','password':'copper lantern beside the sea'}");
        assertThat(used.status()).as(used.text()).isEqualTo(200);
    }

    @Test
    void everyChangeAsksForThePasswordAgain() {
        TestingReader other = TestingReader.of(server, Role.ADMIN);
        String id = join("asked@example.com", "analytics");
        other.open("/members");
        server.byHand("UPDATE portal_sessions SET confirmed_at = 0");
        for (String address : List.of(
                INVITE, "/members/" + id + "/edit", "/members/" + id + "/remove", "/members/" + id + "/recovery")) {
            assertThat(other.open(address).header("Location")).as(address).startsWith("/account/confirm");
            assertThat(other.send(address, "email", "a@example.com", "role", "support")
                            .header("Location"))
                    .as(address)
                    .startsWith("/account/confirm");
        }
        assertThat(role(id)).isEqualTo("analytics");
        server.byHand("UPDATE portal_sessions SET confirmed_at = seen_at");
    }

    @Test
    void otherRolesSeeNoMembers() {
        String me = server.owner.get("/api/v1/me").at("/member/id");
        for (Role role : List.of(Role.DEVELOPER, Role.SUPPORT, Role.ANALYTICS)) {
            TestingReader reader = TestingReader.of(server, role);
            for (String address :
                    List.of("/members", INVITE, "/members/" + me + "/edit", "/members/" + me + "/recovery")) {
                assertThat(reader.open(address).status())
                        .as(role + " " + address)
                        .isEqualTo(403);
            }
            assertThat(reader.send(INVITE, "email", "x@example.com", "role", "analytics")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void pageExplainsTheRolesFromTheTableThatTheServerAsks() {
        assertThat(owner.open("/members").text())
                .contains("create, edit, regenerate, reveal, revoke keys", "who is an Owner");
    }

    @Test
    void formOfAnotherSiteChangesNothing() {
        String id = join("safe@example.com", "analytics");
        for (String act : List.of("/edit", "/remove", "/recovery")) {
            assertThat(owner.sendOnly("/members/" + id + act, "role", "owner").status())
                    .as(act)
                    .isEqualTo(403);
        }
        assertThat(role(id)).isEqualTo("analytics");
    }

    @Test
    void namesAreTextWhateverTheySay() {
        String id = join("script@example.com", "support");
        server.owner.patch("/api/v1/members/" + id, "{'name':\"<script>alert(1)</script>\"}");
        for (String address : List.of(
                "/members?search=script",
                "/members/" + id + "/edit",
                "/members/" + id + "/remove",
                "/members/" + id + "/recovery")) {
            assertThat(owner.open(address).text())
                    .as(address)
                    .contains("&lt;script")
                    .doesNotContain("<script>alert");
        }
    }
}
