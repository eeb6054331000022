package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.server.conversations.ConversationLimit;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: the operator says how many conversations may be started from one address. */
class ConversationLimitTest {
    @Test
    void addressIsPausedAfterAsManyConversationsAsTheOperatorAllows() {
        try (TestingServer server = TestingServer.start(Map.of("KEYRACK_CONVERSATION_LIMIT", "2/10m/90s"))) {
            TestingServer.Made key = server.make("web");
            TestingVisitor.of(server, key.token()).start();
            TestingVisitor.of(server, key.token()).start();
            Answer paused = TestingVisitor.of(server, key.token()).tryStart();
            assertThat(paused.code()).isEqualTo("TOO_MANY_CONVERSATIONS");
            assertThat(Integer.parseInt(paused.header("Retry-After"))).isBetween(80, 90);
        }
    }

    @Test
    void limitIsReadAsItIsWritten() {
        assertThat(ConversationLimit.parse("5/10m/5m")).isEqualTo(ConversationLimit.USUAL);
        assertThat(ConversationLimit.parse("1000/3600s/1s"))
                .isEqualTo(new ConversationLimit(1000, Duration.ofHours(1), Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "0/10m/5m",
                "5/0s/5m",
                "5/10m/0m",
                "5/61m/5m",
                "5/10m/3601s",
                "5/10/5",
                "-5/10m/5m",
                "5/10m/5m/"
            })
    void whatIsNoLimitIsRefusedWithWhatWouldBe(String text) {
        assertThatThrownBy(() -> ConversationLimit.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("such as 5/10m/5m");
    }
}
