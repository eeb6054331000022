package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Promise: an Owner is made, and their token shown, only to an operator who typed the password lately. */
class OperatorOrganizationsPageTest {
    private static final String NEW = "/operator/organizations/new";

    private static TestingServer server;

    @BeforeAll
    static void start() {
        server = TestingServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer create(TestingReader operator) {
        return operator.send(NEW, "name", "Third", "subdomain", "third", "ownerEmail", "third@example.com");
    }

    @Test
    void newOrganizationAsksForThePasswordAgain() {
        TestingReader operator = TestingReader.owner(server);
        operator.open(NEW);
        server.byHand("UPDATE portal_sessions SET confirmed_at = 0");
        String asked = "/account/confirm?next=%2Foperator%2Forganizations%2Fnew";
        assertThat(create(operator).header("Location")).startsWith(asked);
        assertThat(operator.open(NEW).header("Location")).startsWith(asked);
        assertThat(operator.open("/operator/organizations").text()).doesNotContain("Third");
        server.byHand("UPDATE portal_sessions SET confirmed_at = seen_at");
        operator.open(NEW);
        Answer made = create(operator);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.text()).contains("id=\"owner-token\"", "id=\"owner-link\"");
        assertThat(operator.open("/operator/organizations").text()).contains("Third");
    }
}
