package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Promise: organizations, projects and personal tokens do what keys need of them. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class AccountsTest {
    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Answer found(TestingClient client, String subdomain) {
        return client.post(
                "/api/v1/organizations", "{'name':'Org','subdomain':'" + subdomain + "','ownerEmail':'o@example.com'}");
    }

    @Test
    void storeIsSetUpOnce() {
        Map<String, List<List<Object>>> before = server.things();
        Answer again = server.operator.post(
                "/api/v1/setup", "{'name':'New','subdomain':'new','ownerEmail':'new@example.com'}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("conflict");
        assertThat(server.things()).isEqualTo(before);
    }

    @Test
    void firstOrganizationRunsTheInstallationAndOthersDoNot() {
        assertThat(server.owner
                        .get("/api/v1/me")
                        .json()
                        .at("/organization/operator")
                        .asBoolean())
                .isTrue();
        assertThat(server.other
                        .get("/api/v1/me")
                        .json()
                        .at("/organization/operator")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void newOrganizationHasAnOwnerWhoseTokenWorks() {
        Answer made = found(server.owner, "fresh");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo("/api/v1/organizations/" + made.at("/organization/id"));
        assertThat(made.header("ETag")).isEqualTo("\"1\"");
        TestingClient fresh = server.nobody.as("x-api-key", made.at("/token"));
        Answer me = fresh.get("/api/v1/me");
        assertThat(me.at("/organization/subdomain")).isEqualTo("fresh");
        assertThat(me.at("/member/role")).isEqualTo("owner");
        assertThat(me.json().get("member")).isEqualTo(made.json().get("owner"));
        assertThat(me.at("/credential/id")).isEqualTo(made.at("/token").substring(7, 18));
        assertThat(fresh.get(made.header("Location")).json().get("organization"))
                .isEqualTo(made.json().get("organization"));
        assertThat(fresh.get("/api/v1/keys").items("/id")).isEmpty();
    }

    @Test
    void subdomainBelongsToOneOrganization() {
        Answer taken = found(server.owner, "acme");
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.pointers()).containsExactly("/subdomain");
        assertThat(found(server.operator, "a").status()).isEqualTo(201);
        assertThat(found(server.operator, "a").status()).isEqualTo(409);
    }

    @Test
    void organizationsAreListedBySubdomainInPages() {
        for (String subdomain : List.of("m1", "m0", "z9", "0a")) {
            found(server.owner, subdomain);
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            Answer page = server.owner.get("/api/v1/organizations?limit=2" + cursor);
            seen.addAll(page.items("/subdomain"));
            cursor = page.json().get("next").isNull() ? null : "&cursor=" + page.at("/next");
        }
        assertThat(seen).isSorted().doesNotHaveDuplicates().contains("acme", "other", "m0", "m1", "z9", "0a");
        assertThat(server.operator.get("/api/v1/organizations?limit=200").items("/subdomain"))
                .isEqualTo(server.owner.get("/api/v1/organizations?limit=200").items("/subdomain"));
    }

    @Test
    void organizationIsRenamedOnlyInTheVersionThatWasMeant() {
        String path = "/api/v1/organizations/" + server.otherOrganization;
        String tag = server.other.get(path).header("ETag");
        assertThat(server.other
                        .patch(path, "{'name':'No'}", "If-Match", "\"77\"")
                        .status())
                .isEqualTo(412);
        assertThat(server.other.patch(path, "{}").header("ETag")).isEqualTo(tag);
        Answer renamed = server.other.patch(path, "{'name':'Renamed'}", "If-Match", tag);
        assertThat(renamed.at("/organization/name")).isEqualTo("Renamed");
        assertThat(renamed.header("ETag")).isNotEqualTo(tag);
        assertThat(server.other.patch(path, "{'name':'Renamed'}").header("ETag"))
                .isEqualTo(renamed.header("ETag"));
        assertThat(server.owner.get(path).at("/organization/name")).isEqualTo("Renamed");
        assertThat(server.other.patch(path, "{'subdomain':'new'}").pointers()).containsExactly("/subdomain");
    }

    @Test
    void operatorNamesTheOrganizationThatIsMeant() {
        assertThat(server.operator.get("/api/v1/keys").pointers()).containsExactly("Keyrack-Organization");
        Answer me = server.operator.get("/api/v1/me");
        assertThat(me.json().get("organization").isNull()).isTrue();
        assertThat(me.json().get("member").isNull()).isTrue();
        Answer list = server.operator.get("/api/v1/projects", "Keyrack-Organization", "other");
        assertThat(list.items("/id")).contains(server.otherProject).doesNotContain(server.project);
        assertThat(server.operator
                        .get("/api/v1/me", "Keyrack-Organization", "other")
                        .at("/organization/id"))
                .isEqualTo(server.otherOrganization);
        for (String wrong : List.of("nothing", "OTHER", "x".repeat(5_000), "' OR 1=1 --")) {
            Answer refused = server.operator.get("/api/v1/projects", "Keyrack-Organization", wrong);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.pointers()).containsExactly("Keyrack-Organization");
        }
        for (String path : List.of("/api/v1/projects", "/api/v1/keys", "/api/v1/audit")) {
            assertThat(server.operator.get(path).status()).isEqualTo(400);
        }
    }

    @Test
    void operatorIsNoMemberAndHasNoPersonalToken() {
        assertThat(server.operator.post("/api/v1/me/token").status()).isEqualTo(403);
        assertThat(server.operator.delete("/api/v1/me/token").status()).isEqualTo(403);
    }

    @Test
    void projectIsMadeRenamedAndRead() {
        Answer made = server.owner.post("/api/v1/projects", "{'name':'  Café  '}");
        assertThat(made.status()).isEqualTo(201);
        String path = made.header("Location");
        assertThat(path).isEqualTo("/api/v1/projects/" + made.at("/project/id"));
        assertThat(made.at("/project/name")).isEqualTo("Café");
        assertThat(server.owner.get(path).json()).isEqualTo(made.json());
        assertThat(server.owner
                        .patch(path, "{'name':'No'}", "If-Match", "\"2\"")
                        .status())
                .isEqualTo(412);
        assertThat(server.owner.patch(path, "{}").json()).isEqualTo(made.json());
        assertThat(server.owner.patch(path, "{'name':'Café'}").header("ETag")).isEqualTo("\"1\"");
        Answer renamed = server.owner.patch(path, "{'name':'Bar'}", "If-Match", made.header("ETag"));
        assertThat(renamed.at("/project/name")).isEqualTo("Bar");
        assertThat(renamed.header("ETag")).isEqualTo("\"2\"");
        assertThat(renamed.at("/project/updatedAt")).isGreaterThan(made.at("/project/updatedAt"));
    }

    @Test
    void projectsAreListedInEveryOrderInPagesAndSearched() {
        TestingClient client =
                server.nobody.as("x-api-key", found(server.owner, "lists").at("/token"));
        List<String> names = List.of("Über", "alpha", "Zeta", "uber 2", "ALPHA 2");
        for (String name : names) {
            client.post("/api/v1/projects", "{'name':'" + name + "'}");
        }
        List<String> byName = List.of("alpha", "ALPHA 2", "uber 2", "Zeta", "Über");
        assertThat(pages(client, "")).isEqualTo(byName);
        assertThat(pages(client, "&sort=name")).isEqualTo(byName);
        assertThat(pages(client, "&sort=-name")).isEqualTo(byName.reversed());
        assertThat(pages(client, "&sort=createdAt")).isEqualTo(names);
        assertThat(pages(client, "&sort=-createdAt")).isEqualTo(names.reversed());
        assertThat(pages(client, "&search=ALPHA")).containsExactly("alpha", "ALPHA 2");
        assertThat(pages(client, "&search=%C3%9CB")).containsExactly("Über");
        String id = client.get("/api/v1/projects?search=zeta")
                .json()
                .at("/items/0/id")
                .asString();
        assertThat(pages(client, "&search=" + id)).containsExactly("Zeta");
        assertThat(pages(client, "&search=" + server.project)).isEmpty();
    }

    private static List<String> pages(TestingClient client, String query) {
        List<String> seen = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            Answer page = client.get("/api/v1/projects?limit=2" + query + cursor);
            assertThat(page.status()).isEqualTo(200);
            seen.addAll(page.items("/name"));
            cursor = page.json().get("next").isNull() ? null : "&cursor=" + page.at("/next");
        }
        return seen;
    }
}
