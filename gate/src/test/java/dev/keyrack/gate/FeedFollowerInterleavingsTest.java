package dev.keyrack.gate;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Lease;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Restrictions;
import dev.keyrack.verifier.TokenFormat;
import dev.keyrack.verifier.Verifier;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Promise: whoever returns from catching up with a change finds it in force, and nothing older from then on, however the
 * threads that catch up at the same time, reads of the feed and new snapshots are interleaved; and what a node reports is
 * in force.
 *
 * <p>Keys go on and off and away and come back, so that each entry that is skipped, applied twice or out of order, or too
 * late shows in some verdict: a node is one register for each key, which is written where an entry is applied.
 *
 * <p>Lincheck runs the threads one step at a time. The follower's own thread does what {@link Node#follow} does.
 */
@Tag("interleavings")
class FeedFollowerInterleavingsTest {
    private static final int KEYS = 2;
    private static final int MOST_CHANGES = 16;
    private static final FeedChange.Organization ACME = new FeedChange.Organization("org", "acme", false, false, 1);
    private static final Question[] QUESTIONS = new Question[KEYS];

    /** What can become of a key. */
    private static final Code[] CODES = {Code.VALID, Code.DISABLED, Code.UNKNOWN};

    /** Of each key every change at every number, made beforehand so that the steps of making them are not explored. */
    private static final FeedChange[][][] CHANGES = new FeedChange[KEYS][CODES.length][MOST_CHANGES];

    static {
        Random random = new Random(13);
        for (int key = 0; key < KEYS; key++) {
            TokenFormat.Minted minted = TokenFormat.mint("kr", KeyType.SERVER.tag(), random);
            for (int number = 0; number < MOST_CHANGES; number++) {
                CHANGES[key][0][number] = key(minted, KeyState.ACTIVE, number);
                CHANGES[key][1][number] = key(minted, KeyState.DISABLED, number);
                CHANGES[key][2][number] = new FeedChange.KeyRemoved(minted.id());
            }
            QUESTIONS[key] = Question.of(minted.token().reveal());
        }
        for (Class<?> talkative : List.of(FeedFollower.class, LeaseKeeper.class)) {
            ((Logger) LoggerFactory.getLogger(talkative)).setLevel(Level.OFF);
        }
    }

    private static FeedChange.Key key(TokenFormat.Minted minted, KeyState state, long version) {
        return new FeedChange.Key(
                minted.id(),
                "org",
                "project",
                KeyType.SERVER,
                state,
                version,
                List.of(new FeedChange.Token(1, minted.digest(), FeedChange.NEVER)),
                FeedChange.NEVER,
                null,
                0,
                Restrictions.NONE);
    }

    /** A node that has loaded two active keys. */
    @Param(name = "key", gen = IntGen.class, conf = "0:1")
    public static class Node {
        private final TestingSource source = new TestingSource(ACME, CHANGES[0][0][0], CHANGES[1][0][0]);
        private final Replica replica = new Replica();
        private final Verifier verifier = new Verifier(replica, () -> 0);
        private final LeaseKeeper keeper = new LeaseKeeper(
                new Control(),
                new Registrar.Node("node", Registrar.Kind.GATE, null, "test"),
                replica,
                new Lease(() -> 0),
                () -> 0,
                () -> "registration");
        private final FeedFollower follower =
                new FeedFollower(source, replica, new ControlClock(() -> 0), keeper, FeedFollower.POLL);

        public Node() {
            catchUp(0);
        }

        private void catchUp(long number) {
            follower.catchUp(number, TestingSource.tag(number));
        }

        private void change(int key, int what) {
            catchUp(source.commit(number -> CHANGES[key][what][(int) number]));
        }

        @Operation
        public void on(@Param(name = "key") int key) {
            change(key, 0);
        }

        @Operation
        public void off(@Param(name = "key") int key) {
            change(key, 1);
        }

        @Operation
        public void away(@Param(name = "key") int key) {
            change(key, 2);
        }

        @Operation
        public Code ask(@Param(name = "key") int key) {
            return verifier.verify(QUESTIONS[key]).code();
        }

        /** Reads to the end, and reports. */
        @Operation(nonParallelGroup = "the follower's thread")
        public void follow() {
            try {
                catchUp(1_000);
            } catch (FeedUnavailable e) {
                // There is no such number: it has read to the end.
            }
            while (keeper.tend() == 0) {
                // It has registered: the first report follows at once.
            }
        }

        /** The next read that does not find its place takes a new snapshot. */
        @Operation
        public void forget() {
            source.forget();
        }

        /** What a node tells the control plane, which believes it. */
        private final class Control implements Registrar {
            @Override
            public long register(String registration, Registrar.Node node, @Nullable Former former) {
                return 0;
            }

            @Override
            public Answer report(String registration, long number, long tag) {
                Code[] codes = new Code[KEYS];
                for (int key = 0; key < KEYS; key++) {
                    codes[key] = ask(key);
                }
                List<FeedChange> all = source.committed();
                for (int key = 0; key < KEYS; key++) {
                    if (!since(all, number, key, codes[key])) {
                        throw new AssertionError("number " + number + " was reported and is not in force");
                    }
                }
                return new Answer.Granted(Duration.ofSeconds(5), Duration.ofSeconds(5));
            }

            @Override
            public void end(String registration, End why) {
                throw new AssertionError("nobody stops it");
            }
        }

        /** Whether this is what the key was at this number, or became later. */
        private static boolean since(List<FeedChange> all, long number, int key, Code code) {
            Code was = Code.VALID;
            for (int i = 0; i < all.size(); i++) {
                for (int what = 0; what < CODES.length; what++) {
                    if (all.get(i) == CHANGES[key][what][i + 1]) {
                        if (i >= number && was == code) {
                            return true;
                        }
                        was = CODES[what];
                    }
                }
            }
            return was == code;
        }
    }

    /** The same, one thing at a time. */
    public static class OneAtATime {
        private final Code[] codes = {Code.VALID, Code.VALID};

        public void on(int key) {
            codes[key] = CODES[0];
        }

        public void off(int key) {
            codes[key] = CODES[1];
        }

        public void away(int key) {
            codes[key] = CODES[2];
        }

        public Code ask(int key) {
            return codes[key];
        }

        public void follow() {}

        public void forget() {}
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .threads(2)
                .actorsBefore(0)
                .actorsPerThread(3)
                .actorsAfter(3)
                // What looks at bytes, all on data of one thread, and what only this model does.
                .addGuarantee(forClasses("dev.keyrack.verifier.ReplicaTable", "dev.keyrack.verifier.ReplicaKey")
                        .methods("replicated", "high", "low")
                        .ignore())
                .addGuarantee(
                        forClasses(Verifier.class.getName()).methods("verify").ignore())
                .addGuarantee(forClasses(Node.class.getName()).methods("since").ignore())
                // One lock is around each of its methods.
                .addGuarantee(
                        forClasses(TestingSource.class.getName()).allMethods().treatAsAtomic())
                .sequentialSpecification(OneAtATime.class);
    }

    @Test
    void changeIsInForceWhenCatchingUpReturnsAndNothingOlderAfterIt() {
        options()
                .iterations(10 * Integer.getInteger("keyrack.interleavings", 1))
                .invocationsPerIteration(100)
                .check(Node.class);
    }

    /** The least that shows it, so that every place for two switches is tried: the other thread applies, and is held up. */
    @Test
    void callReturnsOnlyWhenItsChangeIsInForceAlsoIfAnotherThreadAppliesIt() throws Exception {
        check(List.of(), List.of(action("follow")));
    }

    /** The same, where the other thread takes a snapshot meanwhile. */
    @Test
    void callReturnsOnlyWhenItsChangeIsInForceAlsoIfASnapshotIsTaken() throws Exception {
        check(List.of(action("off", 1), action("forget")), List.of(action("on", 1)));
    }

    private static void check(List<Actor> before, List<Actor> otherThread) throws Exception {
        List<Actor> caller = List.of(action("off", 0), action("ask", 0));
        options()
                .iterations(0)
                .addCustomScenario(new ExecutionScenario(before, List.of(otherThread, caller), List.of(), null))
                .invocationsPerIteration(1_500)
                .check(Node.class);
    }

    private static Actor action(String name, int key) throws Exception {
        return new Actor(Node.class.getMethod(name, int.class), List.of(key));
    }

    private static Actor action(String name) throws Exception {
        return new Actor(Node.class.getMethod(name), List.of());
    }
}
