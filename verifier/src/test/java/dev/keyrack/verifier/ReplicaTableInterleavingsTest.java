package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuarantee;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Promise: whatever a reader of the table sees, a table that did one thing at a time would have shown it, too, and no
 * reader ever waits.
 *
 * <p>Lincheck runs one writer and two readers through their interleavings, one step at a time. It knows no reordering by
 * compiler or processor: that is left to {@link ReplicaConcurrencyTest}, on a real machine.
 */
@Tag("interleavings")
class ReplicaTableInterleavingsTest {
    /** Scenarios, of operations drawn at random but the same in every run; `./keyrack interleavings` tries more. */
    static final int ITERATIONS = 20 * Integer.getInteger("keyrack.interleavings", 1);

    /** Interleavings of each, those of the fewest switches first. */
    static final int INVOCATIONS = 100;

    private static final int KEYS = 3;
    private static final int VERSIONS = 2;

    /**
     * Steps on what no other thread changes: the record of a key is made before it is shown, a reader of tokens is its
     * thread's own. Lincheck does not know how they look at bytes, and need not.
     */
    static final ManagedStrategyGuarantee UNSHARED;

    private static final List<Class<?>> OWN = List.of(
            ReplicaTable.class, ReplicaKey.class, TokenReader.class, UniversalHash.class, Moment.class, Digest.class);

    private static final List<String> STEPS = List.of(
            "replicated",
            "high",
            "low",
            "is",
            "sameId",
            "hash",
            "state",
            "hasDigest",
            "olderWithDigest",
            "word",
            "take",
            "isToken",
            "begin",
            "nanos",
            "getAsLong",
            "digest");

    static {
        UNSHARED = forClasses(OWN.stream().map(Class::getName).toArray(String[]::new))
                .methods(STEPS.toArray(String[]::new))
                .ignore();
    }

    /**
     * Every version of every key, made beforehand so that the steps of making them are not explored. The probes of all begin
     * at the same slot, the last but one.
     */
    private static final FeedChange.Key[][] ALL = new FeedChange.Key[KEYS][VERSIONS + 1];

    private static final long[] HIGH = new long[KEYS];
    private static final int[] LOW = new int[KEYS];

    static {
        var random = TestingKey.random(11);
        for (int key = 0; key < KEYS; key++) {
            TestingKey each;
            do {
                each = TestingKey.issue(random);
                byte[] id = each.id().value().getBytes(StandardCharsets.US_ASCII);
                HIGH[key] = ReplicaKey.high(id, 0);
                LOW[key] = ReplicaKey.low(id, 0);
            } while ((ReplicaKey.hash(HIGH[key], LOW[key]) & 7) != 6);
            for (int version = 1; version <= VERSIONS; version++) {
                ALL[key][version] = each.change();
                each = each.in(KeyState.DISABLED);
            }
        }
    }

    /** A table so small that three keys make it grow, and make it be rebuilt without those that are gone. */
    @Param(name = "key", gen = IntGen.class, conf = "0:2")
    @Param(name = "version", gen = IntGen.class, conf = "1:2")
    public static class Table {
        private final ReplicaTable table = new ReplicaTable(4);

        @Operation(nonParallelGroup = "writer")
        public void put(@Param(name = "key") int key, @Param(name = "version") int version) {
            table.apply(ALL[key][version]);
        }

        @Operation(nonParallelGroup = "writer")
        public void remove(@Param(name = "key") int key) {
            table.apply(new FeedChange.KeyRemoved(ALL[key][1].id()));
        }

        /** The version that is held, or 0. */
        @Operation
        public long find(@Param(name = "key") int key) {
            ReplicaKey found = table.find(HIGH[key], LOW[key]);
            return found == null ? 0 : found.version();
        }
    }

    /** The same, one thing at a time. */
    public static class OneAtATime {
        private final Map<Integer, Long> versions = new HashMap<>();

        public void put(int key, int version) {
            versions.merge(key, (long) version, Math::max);
        }

        public void remove(int key) {
            versions.remove(key);
        }

        public long find(int key) {
            return versions.getOrDefault(key, 0L);
        }
    }

    /** A step that has another name by now would be explored, and take the place of steps that matter. */
    @Test
    void everyStepThatIsLeftOutExists() {
        assertThat(OWN.stream()
                        .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                        .map(Method::getName))
                .containsAll(STEPS);
    }

    @Test
    void readerSeesTheTableAsItIsBetweenTwoChangesAndNeverWaits() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsBefore(3)
                .actorsPerThread(3)
                .actorsAfter(2)
                .iterations(ITERATIONS)
                .invocationsPerIteration(INVOCATIONS)
                .checkObstructionFreedom(true)
                .addGuarantee(UNSHARED)
                .sequentialSpecification(OneAtATime.class)
                .check(Table.class);
    }

    /** A checker that cannot rewrite this JDK's classes sees nothing, and says nothing. */
    @Test
    void checkerFindsWhatIsWrong() {
        assertThatThrownBy(() -> Lincheck.runConcurrentTest(1_000, () -> {
                    int[] count = new int[1];
                    Thread[] threads = new Thread[2];
                    for (int i = 0; i < 2; i++) {
                        threads[i] = new Thread(() -> count[0]++);
                        threads[i].start();
                    }
                    for (Thread thread : threads) {
                        join(thread);
                    }
                    if (count[0] != 2) {
                        throw new AssertionError("an update was lost");
                    }
                }))
                .isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("an update was lost");
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
