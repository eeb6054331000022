package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Promise: quick search says what it finds for its reader, and finds that. */
class SearchPageTest {
    private static TestingServer server;

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        TestingReader.owner(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void membersArePromisedToThoseWhoFindThem(Role role) {
        boolean manages = role == Role.OWNER || role == Role.ADMIN;
        TestingReader reader = TestingReader.of(server, role);
        assertThat(reader.open("/search?q=owner%40").text().contains("href=\"/members?search=owner"))
                .isEqualTo(manages);
        String about = reader.open("/search").text();
        assertThat(about).contains(">Search keys" + (manages ? ", projects and members<" : " and projects<"));
        assertThat(about.contains("members by the beginning of their e-mail address"))
                .isEqualTo(manages);
        assertThat(reader.open("/search?q=nothing+at+all").text().contains("members by the beginning"))
                .isEqualTo(manages);
    }

    @Test
    void keysAndProjectsAreFoundByEverybodyWhoSeesThem() {
        String key = server.make("web").id();
        for (Role role : Role.values()) {
            // A developer sees their own, and this is somebody else's.
            assertThat(TestingReader.of(server, role)
                            .open("/search?q=" + key)
                            .text()
                            .contains("/api-keys/" + key))
                    .as(role.text())
                    .isEqualTo(role != Role.DEVELOPER);
        }
    }
}
