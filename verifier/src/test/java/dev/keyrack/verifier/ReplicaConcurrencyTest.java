package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;

/** Promise: readers that hammer the replica while it changes never see a revoked key as good, nor lose a good one. */
class ReplicaConcurrencyTest {
    private static final int KEYS = 4_000;
    private static final int READERS = 2;

    /** How many keys come and go with each revocation: enough for dozens of rebuilds in every run. */
    private static final int PASSING = 40;

    private final RandomGenerator random = TestingKey.random(7);
    private final TestingKey[] keys = new TestingKey[KEYS];

    /** 1 once applying the revocation has returned. Keys with an even number are never touched. */
    private final AtomicIntegerArray off = new AtomicIntegerArray(KEYS);

    private final AtomicLong asked = new AtomicLong();
    private volatile boolean done;

    @RepeatedTest(5)
    void revokedKeyIsNeverValidOnceApplyHasReturnedAndOthersAlwaysAre() throws Exception {
        for (int i = 0; i < KEYS; i++) {
            keys[i] = TestingKey.issue(random);
        }
        TestingFeed feed = TestingFeed.of(keys);
        CountDownLatch reading = new CountDownLatch(READERS);
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            List<Future<String>> readers = new ArrayList<>();
            for (int r = 0; r < READERS; r++) {
                RandomGenerator order = TestingKey.random(r);
                readers.add(threads.submit(() -> read(feed.replica, order, reading)));
            }
            try {
                reading.await();
                revokeEveryOther(feed);
            } finally {
                done = true;
            }
            for (Future<String> reader : readers) {
                assertThat(reader.get()).isEmpty();
            }
        }
        assertThat(asked.get()).as("questions while changes were applied").isGreaterThan(KEYS);
    }

    /** Other keys come and go meanwhile, so that the table is rebuilt and doubled under the readers' feet. */
    private void revokeEveryOther(TestingFeed feed) {
        for (int i = 1; i < KEYS; i += 2) {
            feed.apply(keys[i].in(KeyState.REVOKED));
            off.set(i, 1);
            comeAndGo(feed);
            if (i % 500 == 1) {
                snapshot(feed);
            }
        }
    }

    private void comeAndGo(TestingFeed feed) {
        for (int n = 0; n < PASSING; n++) {
            TestingKey passing = TestingKey.issue(random);
            feed.apply(passing);
            feed.apply(new FeedChange.KeyRemoved(passing.id()));
        }
    }

    private void snapshot(TestingFeed feed) {
        TestingKey[] now = new TestingKey[KEYS];
        for (int i = 0; i < KEYS; i++) {
            now[i] = off.get(i) == 1 ? keys[i].in(KeyState.REVOKED) : keys[i];
        }
        feed.snapshot(feed.replica.number(), now);
    }

    /** What went wrong first, or nothing. */
    private String read(Replica replica, RandomGenerator order, CountDownLatch reading) {
        Verifier verifier = new Verifier(replica, () -> 0);
        reading.countDown();
        for (int i = order.nextInt(KEYS); !done; i = order.nextInt(KEYS)) {
            boolean wasOff = off.get(i) == 1;
            Code code = verifier.verify(Question.of(keys[i].token())).code();
            asked.incrementAndGet();
            boolean touched = i % 2 == 1;
            if (wasOff && code != Code.REVOKED) {
                return "a revoked key was " + code;
            }
            if (!touched && code != Code.VALID) {
                return "a key that nobody touched was " + code;
            }
            if (touched && code != Code.VALID && code != Code.REVOKED) {
                return "a key was " + code;
            }
        }
        return "";
    }
}
