package dev.keyrack.server.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.Secret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: no conversation takes more messages than its key allows, and none is kept for longer than is said. */
@Tag("engines")
class MessageLimitTest {
    private static final int LIMIT = 7;
    private static final int THREADS = 16;
    private static final KeyId KEY = new KeyId("AAAAAAAAAAA");
    private static final Cause CAUSE = new Cause(Actor.SYSTEM, null, "test");
    private static final ConversationRules RULES =
            key -> Optional.of(new ConversationRules.Limit(LIMIT, "Write to us instead."));

    @TempDir
    Path path;

    private DataFolder folder;
    private TestingDatabase database;
    private Store store;
    private Conversations conversations;
    private Visit visit;

    @BeforeEach
    void open() {
        folder = DataFolder.take(path).orElseThrow();
        database = TestingDatabase.fresh(path);
        Database.Opened opened = database.open(folder, InstantSource.system());
        store = opened.store();
        for (String organization : List.of("org", "another")) {
            database.byHand("INSERT INTO organizations (id, name, subdomain, operator, state, version, created_at)"
                    + " VALUES ('" + organization + "', 'Org', '" + organization + "', 0, 'active', 1, 0)");
        }
        Ids ids = new Ids(new SecureRandom());
        VisitorTokens tokens = new VisitorTokens(opened.keyset(), ids);
        conversations =
                new Conversations(store, ids, tokens, new VisitorLimits(tokens, ConversationLimit.USUAL), RULES);
        Visitor visitor = store.change(
                        CAUSE,
                        tx -> Change.none(new VisitorSessionSql()
                                .make(tx, new Visitor("vis_1", "org", "prj", KEY.value(), null), null, null)))
                .result();
        visit = new Visit(
                null,
                visitor.id(),
                null,
                "org",
                "prj",
                KEY,
                1,
                new Place("https://example.com", false, "192.0.2.1"),
                Excused.NONE);
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
        folder.close();
    }

    private static Secret fresh() {
        return Secret.of(UUID.randomUUID().toString());
    }

    /** Nothing if it was taken, and its reply made. */
    private Optional<Problem> send(String id) {
        try {
            Conversations.Sent sent = conversations.send(visit, CAUSE, id, "Hello", null, fresh());
            conversations.keep(sent.reply().settled(Message.State.COMPLETE, "Hi", null, 3));
            return Optional.empty();
        } catch (ProblemException e) {
            return Optional.of(e.problem());
        }
    }

    private static Optional<VisitorCode> code(Problem problem) {
        return problem instanceof Problem.Visiting visiting ? Optional.of(visiting.code()) : Optional.empty();
    }

    /** Whoever meets a reply under way tries again until the message is taken, or the limit is reached. */
    private int takenByOneOfMany(String id) {
        int taken = 0;
        while (true) {
            Optional<Problem> problem = send(id);
            if (problem.isEmpty()) {
                taken++;
            } else if (code(problem.get()).orElseThrow() == VisitorCode.MESSAGE_LIMIT_REACHED) {
                assertThat(problem.get().detail()).isEqualTo("Write to us instead.");
                return taken;
            } else {
                assertThat(code(problem.get())).contains(VisitorCode.REPLY_UNDER_WAY);
            }
        }
    }

    @Test
    void exactlyAsManyMessagesAreTakenAsTheKeyAllowsHoweverManySendAtOnce() throws Exception {
        String id = conversations.start(visit, CAUSE, fresh()).id();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            List<Callable<Integer>> all = IntStream.range(0, THREADS)
                    .<Callable<Integer>>mapToObj(i -> () -> takenByOneOfMany(id))
                    .toList();
            assertThat(threads.invokeAll(all).stream()
                            .mapToInt(Future::resultNow)
                            .sum())
                    .isEqualTo(LIMIT);
        }
        Conversations.Shown shown = conversations.get(visit, id);
        assertThat(shown.messages()).hasSize(2 * LIMIT);
        assertThat(shown.messages().stream().map(Message::number))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 2 * LIMIT)
                        .mapToObj(Long::valueOf)
                        .toList());
        assertThat(conversations.left(shown.conversation())).isZero();
        String second = conversations.start(visit, CAUSE, fresh()).id();
        assertThat(send(second)).as("each conversation has its own").isEmpty();
    }

    @Test
    void ofManyMessagesAtOnceOneIsTakenWhileItsReplyIsUnderWay() throws Exception {
        String id = conversations.start(visit, CAUSE, fresh()).id();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            List<Callable<Boolean>> all = IntStream.range(0, THREADS)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        try {
                            conversations.send(visit, CAUSE, id, "Hello", null, fresh());
                            return true;
                        } catch (ProblemException e) {
                            return false;
                        }
                    })
                    .toList();
            assertThat(threads.invokeAll(all).stream().filter(Future::resultNow))
                    .hasSize(1);
        }
    }

    @Test
    void sameMessageSentManyTimesAtOnceIsOne() throws Exception {
        String id = conversations.start(visit, CAUSE, fresh()).id();
        Secret once = fresh();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            List<Callable<String>> all = IntStream.range(0, THREADS)
                    .<Callable<String>>mapToObj(i -> () -> conversations
                            .send(visit, CAUSE, id, "Hello", null, once)
                            .reply()
                            .id())
                    .toList();
            assertThat(threads.invokeAll(all).stream().map(Future::resultNow).distinct())
                    .hasSize(1);
        }
        assertThat(conversations.get(visit, id).messages()).hasSize(2);
    }

    @Test
    void whatWasSaidIsGoneWhenItsTimeIsOverAndTheVisitorWithIt() {
        String old = conversations.start(visit, CAUSE, fresh()).id();
        send(old);
        database.byHand(
                "UPDATE conversations SET changed_at = changed_at - "
                        + Duration.ofDays(91).toNanos() / 1_000,
                "UPDATE visitors SET seen_at = seen_at - " + Duration.ofDays(91).toNanos() / 1_000);
        ConversationRetention retention = new ConversationRetention(store, 90);
        String young = conversations.start(visit, CAUSE, fresh()).id();
        send(young);
        assertThat(retention.clear()).isEqualTo(1);
        assertThat(conversations.get(visit, young).messages()).hasSize(2);
        assertThat(count("messages")).isEqualTo(2);
        retention.clearVisits();
        assertThat(count("visitors")).as("who still has a conversation").isEqualTo(1);
        database.byHand("UPDATE conversations SET changed_at = 1");
        assertThat(retention.clear()).isEqualTo(1);
        retention.clearVisits();
        assertThat(count("messages") + count("conversations") + count("visitors"))
                .isZero();
    }

    @Test
    void organizationLosesItsConversationsAfterTheTimeThatItChoseItself() {
        send(conversations.start(visit, CAUSE, fresh()).id());
        database.byHand("UPDATE conversations SET changed_at = changed_at - "
                + Duration.ofDays(8).toNanos() / 1_000);
        ConversationRetention retention = new ConversationRetention(store, 90);
        assertThat(retention.clear()).isZero();
        database.byHand("UPDATE organizations SET conversation_days = 7 WHERE id = 'another'");
        assertThat(retention.clear()).as("by the choice of others").isZero();
        database.byHand("UPDATE organizations SET conversation_days = 9 WHERE id = 'org'");
        assertThat(retention.clear()).isZero();
        database.byHand("UPDATE organizations SET conversation_days = 7 WHERE id = 'org'");
        assertThat(retention.clear()).isEqualTo(1);
        assertThat(count("messages") + count("conversations")).isZero();
        send(conversations.start(visit, CAUSE, fresh()).id());
        database.byHand(
                "UPDATE organizations SET conversation_days = 365 WHERE id = 'org'",
                "UPDATE conversations SET changed_at = changed_at - "
                        + Duration.ofDays(364).toNanos() / 1_000);
        assertThat(retention.clear()).isZero();
    }

    private long count(String table) {
        return store.read(tx -> tx.handle()
                .createQuery("SELECT COUNT(*) FROM " + table)
                .mapTo(Long.class)
                .one());
    }
}
