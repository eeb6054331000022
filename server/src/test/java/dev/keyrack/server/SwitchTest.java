package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Passwords;
import dev.keyrack.verifier.Secret;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Promise: whoever signs in goes on in those organizations whose password they typed, and in no other. */
class SwitchTest {
    private static final String EMAIL = "owner@example.com";
    private static TestingServer server;
    private static String second;
    private static String third;

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        second = organization("second");
        third = organization("third");
    }

    private static String organization(String subdomain) {
        return server.owner
                .post(
                        "/api/v1/organizations",
                        "{'name':'The " + subdomain + "','subdomain':'" + subdomain + "','ownerEmail':'" + EMAIL + "'}")
                .at("/owner/id");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void readerGoesOnOnlyWhereTheirPasswordWasTyped() {
        TestingReader.owner(server);
        server.byHand("UPDATE members SET password = '" + new Passwords().hash(Secret.of("quite another password"))
                + "' WHERE id = '" + third + "'");
        TestingReader reader = TestingReader.with(server, EMAIL, TestingReader.PASSWORD);
        Answer account = reader.open("/account");
        assertThat(account.text()).contains("The second").doesNotContain("The third");

        assertThat(reader.send("/account/switch", "member", third).status()).isEqualTo(404);
        String foreign = server.other.get("/api/v1/me").at("/member/id");
        assertThat(reader.send("/account/switch", "member", foreign).status()).isEqualTo(404);
        assertThat(reader.open("/settings/organization").text()).contains("value=\"Acme\"");

        reader.open("/account");
        assertThat(reader.send("/account/switch", "member", second).status()).isEqualTo(303);
        assertThat(reader.open("/settings/organization").text())
                .contains("value=\"The second\"")
                .doesNotContain("value=\"Acme\"");
        assertThat(reader.open("/operator/nodes").status()).isEqualTo(403);
    }
}
