package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.JsonNode;

/** Promise: whoever may see a key learns what was refused of it and why, and never that what was refused is allowed. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class KeyRefusalsTest {
    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void observedRuleIsKeptAlsoWhereAnotherOneRefuses() {
        Made made = server.restricted(
                "{'websites':['https://example.com'],'networks':['192.0.2.1'],'observe':['websites']}");
        assertThat(server.verdict(made, ",'origin':'https://other.example','ip':'192.0.2.2'"))
                .isEqualTo("NETWORK_NOT_ALLOWED");
        Answer answer = refusals(made, 2);
        assertThat(item(answer, "https://other.example").at("/observed").asBoolean())
                .isTrue();
        assertThat(item(answer, "192.0.2.2").at("/observed").asBoolean()).isFalse();
        assertThat(answer.json().at("/hours/0/refused").asInt()).isEqualTo(1);
        assertThat(answer.json().at("/hours/0/observed").asInt()).isEqualTo(1);
    }

    /** The refusals of a key, once there are as many groups. */
    private Answer refusals(Made made, int groups) {
        Answer answer = server.owner.get(made.path() + "/refusals");
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (answer.json().at("/items").size() < groups && System.nanoTime() < deadline) {
            answer = server.owner.get(made.path() + "/refusals");
        }
        return answer;
    }

    @Test
    void refusalsAreKeptByRuleAndValue() {
        Made made = server.restricted("{'websites':['https://example.com'],'observe':['apps'],'apps':[]}");
        for (int i = 0; i < 3; i++) {
            assertThat(server.from(made, "http://example.com")).isEqualTo("WEBSITE_NOT_ALLOWED");
        }
        assertThat(server.from(made, "https://" + made.token() + ".example")).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.verdict(made, ",'origin':'https://example.com','app':'a.b'"))
                .isEqualTo("VALID");
        Answer answer = refusals(made, 3);
        JsonNode refused = item(answer, "http://example.com");
        assertThat(refused.at("/rule").asString()).isEqualTo("websites");
        assertThat(refused.at("/count").asInt()).isEqualTo(3);
        assertThat(refused.at("/observed").asBoolean()).isFalse();
        assertThat(refused.at("/now/nearest").asString()).isEqualTo("https://example.com");
        assertThat(item(answer, "a.b").at("/observed").asBoolean()).isTrue();
        assertThat(answer.text()).doesNotContain(made.token());
        assertThat(answer.json().at("/hours/0/refused").asInt()).isEqualTo(4);
        assertThat(server.other.get(made.path() + "/refusals").status()).isEqualTo(404);
    }

    private static JsonNode item(Answer answer, String value) {
        for (JsonNode item : answer.json().at("/items")) {
            if (item.at("/value").asString().equals(value)) {
                return item;
            }
        }
        throw new AssertionError("nothing of " + value + " in " + answer.text());
    }

    /** Sending the address of a page in place of its origin is a mistake that is easily made. */
    @Test
    void addressOfAPageIsNotExplainedAsItsOriginWouldBe() {
        Made made = server.restricted("{'websites':['https://example.com']}");
        assertThat(server.from(made, "https://example.com/pages/7?secret=sesame"))
                .isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.from(made, "https://me:sesame@example.com")).isEqualTo("WEBSITE_NOT_ALLOWED");

        Answer answer = refusals(made, 2);

        for (String value : new String[] {"https://example.com/…", "https://…@example.com"}) {
            JsonNode now = item(answer, value).at("/now");
            assertThat(now.at("/outcome").asString()).as(value).isEqualTo("refused");
            assertThat(now.at("/detail").asString()).as(value).startsWith("What was sent is no origin of a website");
        }
        assertThat(answer.text()).doesNotContain("sesame");
    }

    @Test
    void supersededTokenIsToldFromAKeyThatIsRevoked() {
        Made made = server.make("server");
        String path = made.path() + "/regenerate";
        assertThat(server.owner.post(path, "{'overlapSeconds':3600}").status()).isEqualTo(200);
        assertThat(server.owner.post(made.path() + "/end-overlap", "{}").status())
                .isEqualTo(200);
        assertThat(server.verdict(made, "")).isEqualTo("REVOKED");

        JsonNode old = item(refusals(made, 1), "generation 1");

        assertThat(old.at("/rule").asString()).isEqualTo("revocation");
        assertThat(old.at("/now/detail").asString())
                .isEqualTo("The token of generation 1 was replaced by a newer one: the key is at generation 2.");
    }

    @Test
    void stateThatRefusedIsToldAsItIsNow() {
        Made made = server.make("server");
        assertThat(server.owner.post(made.path() + "/disable", "{}").status()).isEqualTo(200);
        assertThat(server.verdict(made, "")).isEqualTo("DISABLED");
        assertThat(refusals(made, 1).at("/items/0/now/detail")).isEqualTo("The key is disabled; it can be enabled.");
        assertThat(server.owner.post(made.path() + "/enable", "{}").status()).isEqualTo(200);
        assertThat(refusals(made, 1).at("/items/0/now/outcome")).isEqualTo("held");
    }

    @Test
    void whatIsNoPermissionIsNotExplainedAsIfNoneHadBeenAsked() {
        Made made = server.make("server");
        byte[] form = ("token=" + made.token() + "&permission=no+permission").getBytes(StandardCharsets.US_ASCII);
        assertThat(server.gate
                        .send("POST", "/v1/introspect", "application/x-www-form-urlencoded", form)
                        .text())
                .isEqualTo("{\"active\":false}");
        JsonNode refused = refusals(made, 1).json().at("/items/0");
        assertThat(refused.at("/code").asString()).isEqualTo("PERMISSION_DENIED");
        assertThat(refused.at("/now").isNull()).isTrue();
    }
}
