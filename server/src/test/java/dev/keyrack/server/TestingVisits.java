package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** What tests of visitors have in common: a server on either engine whose assistant says what it is told. */
@Tag("engines")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TestingVisits {
    final TestingAnswerer answerer = new TestingAnswerer();
    TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.startAnswering(answerer);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** All tests come from one address, and would be paused. */
    @BeforeEach
    void forgetCounts() {
        server.byHand("DELETE FROM visitor_counts");
        answerer.pieces.clear();
    }

    static void refused(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
    }
}
