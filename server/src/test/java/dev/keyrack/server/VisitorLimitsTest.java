package dev.keyrack.server;

import static dev.keyrack.server.TestingVisitor.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Promise: nobody gets more sessions, conversations, messages and ratings than the limits say, and whoever is refused costs no write
 * and keeps nobody else from writing.
 */
class VisitorLimitsTest extends TestingVisits {
    @Test
    void sixthConversationInTenMinutesPausesTheAddressForFive() {
        Made key = server.make("web");
        for (int i = 0; i < 5; i++) {
            TestingVisitor.of(server, key.token()).start();
        }
        TestingVisitor sixth = TestingVisitor.of(server, key.token());
        Answer paused = sixth.tryStart();
        refused(paused, 429, "TOO_MANY_CONVERSATIONS");
        assertThat(Integer.parseInt(paused.header("Retry-After"))).isBetween(290, 300);
        Answer again = sixth.tryStart();
        refused(again, 429, "TOO_MANY_CONVERSATIONS");
        assertThat(server.rows().get("visitor_counts").toString())
                .as("addresses are kept as HMAC")
                .doesNotContain("127.0.0.1");
        server.byHand("UPDATE visitor_counts SET paused_until = 1");
        assertThat(sixth.tryStart().status()).isEqualTo(201);
    }

    /** As if the conversations of this address had begun so many seconds ago. */
    private void began(Integer... secondsAgo) {
        Instant now = Instant.now();
        String times = Stream.of(secondsAgo)
                .map(ago -> String.valueOf(ChronoUnit.MICROS.between(Instant.EPOCH, now.minusSeconds(ago))))
                .collect(Collectors.joining(","));
        server.byHand("UPDATE visitor_counts SET times = '" + times + "' WHERE subject LIKE 'ca/%'");
    }

    @Test
    void conversationsOfMoreThanTenMinutesAgoAreNotCountedAnyMore() {
        Made key = server.make("web");
        TestingVisitor.of(server, key.token()).start();
        began(601, 601, 601, 601, 601);
        for (int i = 0; i < 5; i++) {
            TestingVisitor.of(server, key.token()).start();
        }
        TestingVisitor another = TestingVisitor.of(server, key.token());
        began(601, 601, 590, 590, 590);
        another.start();
        another.start();
        refused(another.tryStart(), 429, "TOO_MANY_CONVERSATIONS");
    }

    @Test
    void addressThatOpensTooManySessionsKeepsNobodyFromWriting() throws Exception {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        server.byHand("UPDATE visitor_counts SET count = 120 WHERE subject LIKE 'sa/%'");
        whileSomebodyWrites(() -> {
            Answer over = guest.open("");
            refused(over, 429, "TOO_MANY_SESSIONS");
            assertThat(Integer.parseInt(over.header("Retry-After"))).isBetween(1, 60);
        });
        server.byHand("UPDATE visitor_counts SET began_at = began_at - 60000000");
        assertThat(guest.open("").status()).isEqualTo(201);
    }

    /** Each limit alone is used up, as if many had come; it is counted, and waited for, as the others are. */
    @Test
    void eachKeyAndEachVisitorHasALimitToo() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String id = guest.start();
        guest.send(id, "echo");
        over("sk", 6_000, () -> guest.open(""), "TOO_MANY_SESSIONS", 60);
        over("ck", 600, guest::tryStart, "TOO_MANY_CONVERSATIONS", 60);
        over("mk", 3_000, () -> guest.send(id, "echo"), "TOO_MANY_MESSAGES", 60);
        over("mv", 20, () -> guest.send(id, "echo"), "TOO_MANY_MESSAGES", 60);
        server.byHand("UPDATE visitor_counts SET times = '' WHERE subject LIKE 'ca/%'");
        over("cv", 20, guest::tryStart, "TOO_MANY_CONVERSATIONS", 3_600);
    }

    private void over(String limit, int most, Supplier<Answer> call, String code, int seconds) {
        String now = String.valueOf(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        String times = most > 32 ? "" : String.join(",", Collections.nCopies(most - 1, now));
        String one = "UPDATE visitor_counts SET began_at = " + now + ", count = " + (most - 1) + ", times = '" + times
                + "' WHERE subject LIKE '" + limit + "/%'";
        server.byHand(one);
        assertThat(call.get().status()).as(limit + ": the last one").isLessThan(300);
        Answer refused = call.get();
        refused(refused, 429, code);
        assertThat(Integer.parseInt(refused.header("Retry-After"))).as(limit).isBetween(seconds - 10, seconds);
        server.byHand(one.replaceFirst("count = [0-9]+, times = '[0-9,]*'", "count = 0, times = ''"));
        assertThat(call.get().status()).as(limit + ": after a while").isLessThan(300);
    }

    /** Whoever wants to write, or to count, would wait for whoever holds this. */
    private void whileSomebodyWrites(Runnable call) throws Exception {
        try (Connection other = server.database.connect();
                Statement writing = other.createStatement()) {
            other.setAutoCommit(false);
            writing.execute("UPDATE visitor_counts SET count = count");
            call.run();
            other.rollback();
        }
    }

    @Test
    void conversationsAndMessagesOverTheirLimitsKeepNobodyFromWriting() throws Exception {
        Made key = server.make("web");
        TestingVisitor guest = TestingVisitor.of(server, key.token());
        String id = guest.start();
        guest.send(id, "echo");
        String reply = guest.client().get(path(id)).at("/messages/1/id");
        String rating = path(id) + "/messages/" + reply + "/rating";
        guest.client().post(rating, "{'rating':'up'}");
        server.byHand(
                "UPDATE visitor_counts SET paused_until = 9000000000000000 WHERE subject LIKE 'ca/%'",
                "UPDATE visitor_counts SET count = 60 WHERE subject LIKE 'ma/%' OR subject LIKE 'rv/%'");
        whileSomebodyWrites(() -> {
            refused(guest.tryStart(), 429, "TOO_MANY_CONVERSATIONS");
            refused(guest.send(id, "echo"), 429, "TOO_MANY_MESSAGES");
            refused(guest.client().post(rating, "{'rating':'down'}"), 429, "TOO_MANY_RATINGS");
        });
        server.owner.patch(key.path() + "/component", "{'messageLimit':{'messages':1,'text':'Enough.'}}");
        whileSomebodyWrites(() -> refused(guest.send(id, "echo"), 403, "MESSAGE_LIMIT_REACHED"));
    }

    @Test
    void whatChangesNothingIsNotWritten() throws Exception {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String id = guest.start();
        guest.send(id, "echo");
        String reply = guest.client().get(path(id)).at("/messages/1/id");
        String rating = path(id) + "/messages/" + reply + "/rating";
        assertThat(guest.client().post(rating, "{'rating':'up'}").status()).isEqualTo(204);
        assertThat(guest.client().post(path(id) + "/end").status()).isEqualTo(204);
        whileSomebodyWrites(() -> {
            assertThat(guest.client().post(path(id) + "/end").status()).isEqualTo(204);
            assertThat(guest.client().post(path(id) + "/cancel").status()).isEqualTo(204);
            assertThat(guest.client().post(rating, "{'rating':'up'}").status()).isEqualTo(204);
        });
    }

    @Test
    void visitorRatesSixtyTimesAMinute() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String id = guest.start();
        guest.send(id, "echo");
        String rating = path(id) + "/messages/" + guest.client().get(path(id)).at("/messages/1/id") + "/rating";
        for (int i = 0; i < 60; i++) {
            assertThat(guest.client()
                            .post(rating, i % 2 == 0 ? "{'rating':'up'}" : "{'rating':null}")
                            .status())
                    .isEqualTo(204);
        }
        refused(guest.client().post(rating, "{'rating':'up'}"), 429, "TOO_MANY_RATINGS");
    }

    @Test
    void manyAtOnceStartNoMoreConversationsThanOneAfterTheOther() throws Exception {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        try (var threads = Executors.newFixedThreadPool(16)) {
            List<Callable<Integer>> tries = IntStream.range(0, 16)
                    .<Callable<Integer>>mapToObj(i -> () -> guest.tryStart().status())
                    .toList();
            assertThat(threads.invokeAll(tries).stream().map(Future::resultNow).filter(s -> s == 201))
                    .hasSize(5);
        }
    }

    @Test
    void visitorSendsTwentyMessagesAMinute() {
        TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
        String id = guest.start();
        for (int i = 0; i < 20; i++) {
            assertThat(guest.send(id, "echo").status()).isEqualTo(200);
        }
        Answer refused = guest.send(id, "echo");
        refused(refused, 429, "TOO_MANY_MESSAGES");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 60);
        assertThat(guest.client().get(path(id)).json().at("/messages").size()).isEqualTo(40);
    }

    /** A new session makes a new visitor, and no other address. */
    @Test
    void oneAddressSendsSixtyMessagesAMinuteHoweverManyVisitorsItIs() {
        TestingServer.Made key = server.make("web");
        server.byHand("DELETE FROM visitor_counts");
        for (int visitor = 0; visitor < 4; visitor++) {
            TestingVisitor guest = TestingVisitor.of(server, key.token());
            String id = guest.start();
            for (int i = 0; i < 15; i++) {
                assertThat(guest.send(id, "echo").status()).isEqualTo(200);
            }
        }
        TestingVisitor another = TestingVisitor.of(server, key.token());
        refused(another.send(another.start(), "echo"), 429, "TOO_MANY_MESSAGES");
    }
}
