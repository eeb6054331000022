package dev.keyrack.gate;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Restrictions;
import dev.keyrack.verifier.TokenFormat;
import dev.keyrack.verifier.Verifier;
import java.util.List;
import java.util.Random;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Promise: whoever returns from catching up with a revocation finds it in force, however the threads that catch up at the
 * same time, reads of the feed and new snapshots are interleaved; and every entry is applied once and in order.
 *
 * <p>Lincheck runs the threads one step at a time. The follower's own thread does what {@link Node#poll} does, under the
 * same lock.
 */
@Tag("interleavings")
class FeedFollowerInterleavingsTest {
    private static final int KEYS = 2;
    private static final FeedChange.Organization ACME = new FeedChange.Organization("org", "acme", false, false, 1);
    private static final FeedChange.Key[] ACTIVE = new FeedChange.Key[KEYS];
    private static final FeedChange.Key[] REVOKED = new FeedChange.Key[KEYS];
    private static final Question[] QUESTIONS = new Question[KEYS];

    static {
        Random random = new Random(13);
        for (int key = 0; key < KEYS; key++) {
            TokenFormat.Minted minted = TokenFormat.mint("kr", KeyType.SERVER.tag(), random);
            ACTIVE[key] = key(minted, KeyState.ACTIVE, 1);
            REVOKED[key] = key(minted, KeyState.REVOKED, 2);
            QUESTIONS[key] = Question.of(minted.token().reveal());
        }
        ((Logger) LoggerFactory.getLogger(FeedFollower.class)).setLevel(Level.OFF);
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
        private final TestingSource source = new TestingSource(ACME, ACTIVE[0], ACTIVE[1]);
        private final Replica replica = new Replica();
        private final Verifier verifier = new Verifier(replica, () -> 0);
        private final FeedFollower follower = new FeedFollower(source, replica, new ControlClock(() -> 0));

        public Node() {
            catchUp(0);
        }

        private void catchUp(long number) {
            follower.catchUp(number, TestingSource.tag(number));
        }

        /** What the revoked key's token is when the call returns. */
        @Operation
        public Code revoke(@Param(name = "key") int key) {
            catchUp(source.commit(REVOKED[key]));
            return verifier.verify(QUESTIONS[key]).code();
        }

        @Operation
        public void poll() {
            try {
                catchUp(1_000);
            } catch (FeedUnavailable e) {
                // There is no such number: it has read to the end.
            }
        }

        /** The next read that does not find its place takes a new snapshot. */
        @Operation
        public void forget() {
            source.forget();
        }
    }

    /** The same, one thing at a time. */
    public static class OneAtATime {
        public Code revoke(int key) {
            return Code.REVOKED;
        }

        public void poll() {}

        public void forget() {}
    }

    @Test
    void revocationIsInForceWhenCatchingUpReturns() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsBefore(1)
                .actorsPerThread(2)
                .actorsAfter(0)
                .iterations(6 * Integer.getInteger("keyrack.interleavings", 1))
                .invocationsPerIteration(150)
                .addGuarantee(forClasses("dev.keyrack.verifier.ReplicaTable")
                        .methods("replicated")
                        .ignore())
                .addGuarantee(
                        forClasses(Verifier.class.getName()).methods("verify").ignore())
                .sequentialSpecification(OneAtATime.class)
                .check(Node.class);
    }
}
