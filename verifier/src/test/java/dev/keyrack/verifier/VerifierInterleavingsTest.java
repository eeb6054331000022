package dev.keyrack.verifier;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Promise: a token is {@code VALID} only if it was at one moment between question and verdict, in every interleaving of
 * verdicts with one writer: no half of a snapshot, no key brought back by an older version, no yes of a halted replica.
 *
 * <p>How a refusal is worded is not tested: a key that is revoked and its organization suspended under a verdict's feet
 * may be called suspended.
 */
@Tag("interleavings")
class VerifierInterleavingsTest {
    private static final int KEYS = 2;

    /** What each version says, from 1 on. */
    private static final KeyState[] STATES = {KeyState.ACTIVE, KeyState.DISABLED, KeyState.ACTIVE, KeyState.REVOKED};

    private static final FeedChange.Key[][] ALL = new FeedChange.Key[KEYS][STATES.length + 1];
    private static final Question[] QUESTIONS = new Question[KEYS];

    private static FeedChange organization(boolean suspended) {
        return new FeedChange.Organization(TestingKey.ORGANIZATION, "acme", false, suspended, 2);
    }

    static {
        var random = TestingKey.random(12);
        for (int key = 0; key < KEYS; key++) {
            TestingKey each = TestingKey.issue(random);
            QUESTIONS[key] = Question.of(each.token());
            for (int version = 1; version <= STATES.length; version++) {
                ALL[key][version] = each.change();
                each = each.in(STATES[version % STATES.length]);
            }
        }
    }

    /** One node. It begins with both keys active. */
    @Param(name = "key", gen = IntGen.class, conf = "0:1")
    @Param(name = "version", gen = IntGen.class, conf = "1:4")
    @Param(name = "version or none", gen = IntGen.class, conf = "0:4")
    public static class Node {
        private final TestingFeed feed = new TestingFeed();
        private final Verifier verifier = new Verifier(feed.replica, () -> 0);

        public Node() {
            snapshot(1, 1);
        }

        @Operation(nonParallelGroup = "feed")
        public void change(@Param(name = "key") int key, @Param(name = "version") int version) {
            feed.apply(ALL[key][version]);
        }

        @Operation(nonParallelGroup = "feed")
        public void remove(@Param(name = "key") int key) {
            feed.apply(new FeedChange.KeyRemoved(ALL[key][1].id()));
        }

        @Operation(nonParallelGroup = "feed")
        public void suspend() {
            feed.apply(organization(true));
        }

        @Operation(nonParallelGroup = "feed")
        public void resume() {
            feed.apply(organization(false));
        }

        @Operation(nonParallelGroup = "feed")
        public void halt() {
            feed.apply(new FeedChange.Unknown("moon-phase"));
        }

        @Operation(nonParallelGroup = "feed")
        public void snapshot(@Param(name = "version or none") int first, @Param(name = "version or none") int second) {
            Replica.Loader loader = feed.replica.load();
            loader.add(TestingFeed.ACME);
            if (first > 0) {
                loader.add(ALL[0][first]);
            }
            if (second > 0) {
                loader.add(ALL[1][second]);
            }
            loader.finish(feed.replica.number() + 1, 7);
        }

        @Operation
        public boolean valid(@Param(name = "key") int key) {
            return verifier.verify(QUESTIONS[key]).code() == Code.VALID;
        }
    }

    /** The same, one thing at a time. */
    public static class OneAtATime {
        private final int[] versions = {1, 1};
        private boolean suspended;
        private boolean halted;

        public void change(int key, int version) {
            versions[key] = Math.max(versions[key], version);
        }

        public void remove(int key) {
            versions[key] = 0;
        }

        public void suspend() {
            suspended = true;
        }

        public void resume() {
            suspended = false;
        }

        public void halt() {
            halted = true;
        }

        public void snapshot(int first, int second) {
            versions[0] = first;
            versions[1] = second;
            suspended = false;
            halted = false;
        }

        public boolean valid(int key) {
            return !suspended && !halted && versions[key] > 0 && STATES[versions[key] - 1] == KeyState.ACTIVE;
        }
    }

    @Test
    void tokenIsValidOnlyIfItWasAtOneMomentOfTheQuestion() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsBefore(1)
                .actorsPerThread(4)
                .actorsAfter(1)
                .iterations(ReplicaTableInterleavingsTest.ITERATIONS)
                .invocationsPerIteration(ReplicaTableInterleavingsTest.INVOCATIONS)
                .checkObstructionFreedom(true)
                .addGuarantee(ReplicaTableInterleavingsTest.UNSHARED)
                .sequentialSpecification(OneAtATime.class)
                .check(Node.class);
    }

    /** A node that begins with an active key of a suspended organization: few things happen, so that all orders are seen. */
    public static class SuspendedNode {
        private final TestingFeed feed = new TestingFeed();
        private final Verifier verifier = new Verifier(feed.replica, () -> 0);

        public SuspendedNode() {
            Replica.Loader loader = feed.replica.load();
            loader.add(organization(true));
            loader.add(ALL[0][1]);
            loader.finish(feed.replica.number() + 1, 7);
        }

        @Operation(nonParallelGroup = "feed", runOnce = true)
        public void disable() {
            feed.apply(ALL[0][2]);
        }

        @Operation(nonParallelGroup = "feed", runOnce = true)
        public void resume() {
            feed.apply(organization(false));
        }

        @Operation
        public boolean valid() {
            return verifier.verify(QUESTIONS[0]).code() == Code.VALID;
        }
    }

    /** The same, one thing at a time. */
    public static class SuspendedOneAtATime {
        private boolean disabled;
        private boolean active;

        public void disable() {
            disabled = true;
        }

        public void resume() {
            active = true;
        }

        public boolean valid() {
            return active && !disabled;
        }
    }

    @Test
    void keyThatIsDisabledBeforeItsOrganizationIsResumedIsNeverValid() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsBefore(0)
                .actorsPerThread(2)
                .actorsAfter(0)
                .iterations(ReplicaTableInterleavingsTest.ITERATIONS)
                .invocationsPerIteration(ReplicaTableInterleavingsTest.INVOCATIONS)
                .addGuarantee(ReplicaTableInterleavingsTest.UNSHARED)
                .sequentialSpecification(SuspendedOneAtATime.class)
                .check(SuspendedNode.class);
    }
}
