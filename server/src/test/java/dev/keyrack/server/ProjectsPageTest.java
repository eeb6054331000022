package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Promise: projects are listed, made, renamed and given away by those who may, without a script; others see nothing of them. */
class ProjectsPageTest {
    private static final Pattern ROW = Pattern.compile("<th scope=\"row\"><a href=\"/projects/([^\"]+)\"");
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

    private static String made(String name) {
        return server.owner
                .post("/api/v1/projects", "{'name':\"" + name + "\"}")
                .at("/project/id");
    }

    @Test
    void projectIsMadeOnceHoweverOftenItsFormIsSent() {
        owner.open("/projects/new");
        Answer first = owner.send("/projects/new", "name", "Sent twice");
        Answer second = owner.send("/projects/new", "name", "Sent twice");
        assertThat(first.status()).as(first.text()).isEqualTo(303);
        assertThat(first.header("Location")).startsWith("/projects/prj_").endsWith("?done=project-created");
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(server.owner.get("/api/v1/projects?search=Sent").items("/name"))
                .containsExactly("Sent twice");
    }

    @Test
    void nameThatDoesNotFitIsToldBesideTheFieldAndKept() {
        owner.open("/projects/new");
        Answer answer = owner.send("/projects/new", "name", "n".repeat(101));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("value=\"" + "n".repeat(101) + "\"", "aria-invalid=\"true\"", "name-error");
        String id = made("To be renamed");
        owner.open("/projects/" + id + "/edit");
        Answer renamed = owner.send("/projects/" + id + "/edit", "name", "  ");
        assertThat(renamed.status()).isEqualTo(400);
        assertThat(renamed.text()).contains("aria-invalid=\"true\"");
    }

    @Test
    void projectIsRenamedAndGivenToSomebodyByTheirAddress() {
        String id = made("Before");
        String member = People.join(server, server.owner, "heir@example.com", "developer");
        owner.open("/projects/" + id + "/edit");
        Answer changed = owner.send("/projects/" + id + "/edit", "name", "After", "ownerId", "Heir@example.com");
        assertThat(changed.status()).as(changed.text()).isEqualTo(303);
        Answer now = server.owner.get("/api/v1/projects/" + id);
        assertThat(now.at("/project/name")).isEqualTo("After");
        assertThat(now.at("/project/owner/id")).isEqualTo(member);
        owner.open("/projects/" + id + "/edit");
        Answer wrong = owner.send("/projects/" + id + "/edit", "name", "After", "ownerId", "nobody@example.com");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("is no member of the organization; choose one", "ownerId-error");
    }

    @Test
    void developerSeesAndRenamesOwnProjectsAndGivesThemToNobody() {
        String others = made("Not theirs");
        TestingReader developer = TestingReader.of(server, Role.DEVELOPER);
        assertThat(developer.open("/projects").text()).contains("There is no project here yet", "Create project");
        developer.open("/projects/new");
        String own = developer
                .send("/projects/new", "name", "Theirs")
                .header("Location")
                .replaceFirst("\\?.*", "");
        assertThat(developer.open("/projects").text()).contains("Theirs").doesNotContain("Not theirs");
        for (String page : List.of("", "/edit", "/credentials")) {
            assertThat(developer.open("/projects/" + others + page).status()).isEqualTo(404);
        }
        assertThat(developer.open(own + "/edit").text()).doesNotContain("ownerId");
        assertThat(developer.send(own + "/edit", "name", "Renamed").status()).isEqualTo(303);
        assertThat(developer
                        .send(own + "/edit", "name", "Renamed", "ownerId", "owner@example.com")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void whoeverOnlyReadsIsOfferedNoChangeAndRefusedOne() {
        String id = made("Only read");
        for (Role role : List.of(Role.SUPPORT, Role.ANALYTICS)) {
            TestingReader reader = TestingReader.of(server, role);
            assertThat(reader.open("/projects").text()).contains("Only read").doesNotContain("Create project");
            assertThat(reader.open("/projects/" + id).text()).doesNotContain("/edit\"");
            assertThat(reader.open("/projects/new").status()).isEqualTo(403);
            assertThat(reader.open("/projects/" + id + "/edit").status()).isEqualTo(403);
            assertThat(reader.send("/projects/new", "name", "X").status()).isEqualTo(403);
            assertThat(reader.send("/projects/" + id + "/edit", "name", "X").status())
                    .isEqualTo(403);
        }
    }

    @Test
    void formOfAnotherSiteChangesNothing() {
        String id = made("Safe");
        assertThat(owner.sendOnly("/projects/" + id + "/edit", "name", "Stolen").status())
                .isEqualTo(403);
        assertThat(owner.sendOnly("/projects/new", "name", "Stolen", "csrf", "AAAA")
                        .status())
                .isEqualTo(403);
        assertThat(server.owner.get("/api/v1/projects?search=Stolen").items("/name"))
                .isEmpty();
    }

    @Test
    void namesAreTextWhateverTheySay() {
        String id = made("\\\"><script>alert(1)</script>");
        for (String address : List.of(
                "/projects",
                "/projects?search=%22%3E%3Cscript%3E",
                "/projects/" + id,
                "/projects/" + id + "/edit",
                "/projects/" + id + "/credentials")) {
            assertThat(owner.open(address).text())
                    .as(address)
                    .contains("&lt;script")
                    .doesNotContain("<script>alert");
        }
    }

    @Test
    void everyProjectIsOnOnePageOfManyWhateverTheOrder() {
        for (int i = 0; i < 60; i++) {
            made("Many " + i);
        }
        for (String sort : List.of("name", "-name", "createdAt", "-createdAt")) {
            Set<String> seen = new HashSet<>();
            String address = "/projects?search=Many&sort=" + sort;
            while (!address.isEmpty()) {
                String page = owner.open(address).text();
                Matcher row = ROW.matcher(page);
                while (row.find()) {
                    assertThat(seen.add(row.group(1))).isTrue();
                }
                Matcher next = NEXT.matcher(page);
                address = next.find() ? next.group(1).replace("&amp;", "&") : "";
            }
            assertThat(seen).as(sort).hasSize(60);
        }
        assertThat(owner.open("/projects?search=nothing-like-it").text()).contains("No project fits this search");
    }
}
