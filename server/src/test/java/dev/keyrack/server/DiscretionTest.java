package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.verifier.TokenFormat;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Promise: what goes wrong is in the log without what it went wrong with; a token is not logged under any name. */
class DiscretionTest {
    private static void byHand(TestingServer server, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + server.data.resolve("keyrack.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The log line of a statement that the database refused, with its stack trace. */
    private static String failure(TestingServer server, Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(500);
        String line = server.log.of(answer.requestId()).stream()
                .filter(each -> each.at("/level").asString().equals("ERROR"))
                .findFirst()
                .orElseThrow()
                .toString();
        assertThat(line).contains("refused by hand", "StatementException");
        return answer.text() + line;
    }

    @Test
    void failedStatementKeepsItsValuesToItself() throws Exception {
        try (TestingServer server = TestingServer.start()) {
            byHand(
                    server,
                    "CREATE TRIGGER t BEFORE INSERT ON key_tokens BEGIN SELECT RAISE(ABORT, 'refused by hand'); END");
            String token = failure(
                    server,
                    server.owner.post(
                            "/api/v1/keys", "{'name':'Key of Zoe','type':'web','projectId':'" + server.project + "'}"));
            assertThat(token).doesNotContain("sha256", "ciphertext:", "Key of Zoe");

            byHand(
                    server,
                    "CREATE TRIGGER m BEFORE INSERT ON members BEGIN SELECT RAISE(ABORT, 'refused by hand'); END");
            String member = failure(
                    server,
                    server.owner.post(
                            "/api/v1/organizations",
                            "{'name':'Third','subdomain':'third','ownerEmail':'zoe@example.net'}"));
            assertThat(member).doesNotContain("zoe@", "example.net");
        }
    }

    /** The server's close holds the log against every token that was made; one that was not is looked for here. */
    @Test
    void tokenAsRequestIdIsNeitherAnsweredNorLogged() {
        try (TestingServer server = TestingServer.start()) {
            String stray =
                    TokenFormat.mint("kr", "srv", new SecureRandom()).token().reveal();
            for (String token :
                    new String[] {server.ownerToken, server.make("server").token(), stray}) {
                Answer answer = server.owner.get("/api/v1/nothing", "X-Request-Id", token);
                assertThat(answer.requestId()).startsWith("req_");
                assertThat(answer.text()).doesNotContain(token);
            }
            assertThat(server.log.text()).doesNotContain(stray);
        }
    }
}
