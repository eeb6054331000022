package dev.keyrack.server.feed;

import dev.keyrack.gate.ControlClock;
import dev.keyrack.gate.FeedFollower;
import dev.keyrack.gate.FeedSource;
import dev.keyrack.gate.FeedUnavailable;
import dev.keyrack.gate.LeaseKeeper;
import dev.keyrack.gate.Registrar;
import dev.keyrack.gate.RegistrarSql;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.FeedEntry;
import dev.keyrack.verifier.Lease;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Verifier;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node on a real store, as a gate has it, whose connections to the store can be cut one by one. */
final class TestingNode implements AutoCloseable {
    final TestingTime time = new TestingTime();
    final Replica replica = new Replica();
    final Lease lease = new Lease(time);
    final LeaseKeeper keeper;
    final FeedFollower follower;
    final AtomicLong reports = new AtomicLong();
    private final Verifier verifier;
    private final ReentrantReadWriteLock line = new ReentrantReadWriteLock();
    private volatile long leaseWhileLoading;
    private boolean deaf;
    private boolean mute;

    TestingNode(TestingStore testing, String name) {
        this(testing, name, null);
    }

    TestingNode(TestingStore testing, String name, @Nullable String organization) {
        ControlClock clock = new ControlClock(time);
        verifier = new Verifier(replica, clock, lease);
        keeper = new LeaseKeeper(
                registrar(testing),
                new Registrar.Node(name, Registrar.Kind.GATE, organization, "test"),
                replica,
                lease,
                time,
                () -> "reg_" + UUID.randomUUID());
        follower = new FeedFollower(source(testing), replica, clock, keeper, Duration.ofMillis(5));
    }

    static TestingNode start(TestingStore testing, String name) {
        TestingNode node = new TestingNode(testing, name);
        node.follower.start();
        return node;
    }

    /** What it reads of the feed does not arrive any more. */
    void deaf(boolean now) {
        quietly(() -> deaf = now);
    }

    /** What it reports does not arrive any more. */
    void mute(boolean now) {
        quietly(() -> mute = now);
    }

    /** It is as if it were switched off, but for its clock. */
    void dead() {
        deaf(true);
        mute(true);
    }

    /** When nothing is under way. */
    private void quietly(Runnable change) {
        line.writeLock().lock();
        try {
            change.run();
        } finally {
            line.writeLock().unlock();
        }
    }

    private <T> T call(BooleanSupplier cut, Supplier<T> answer) {
        line.readLock().lock();
        try {
            if (cut.getAsBoolean()) {
                throw new FeedUnavailable("cut by the test", new IllegalStateException("cut"));
            }
            return answer.get();
        } finally {
            line.readLock().unlock();
        }
    }

    Code verdict(TestingStore.Made key) {
        return verifier.verify(Question.of(key.token())).code();
    }

    Code permitted(TestingStore.Made key, String permission) {
        return verifier.verify(Question.of(key.token()).permission(permission)).code();
    }

    /** What was left of its lease when it took its last snapshot. */
    long leaseWhileLoading() {
        return leaseWhileLoading;
    }

    private FeedSource source(TestingStore testing) {
        FeedSource feed = testing.store().feed();
        return new FeedSource() {
            @Override
            public Head head() {
                return call(() -> deaf, feed::head);
            }

            @Override
            public List<FeedEntry> entriesFrom(long number, int limit) {
                return call(() -> deaf, () -> feed.entriesFrom(number, limit));
            }

            @Override
            public Head snapshot(Consumer<FeedChange> into) {
                leaseWhileLoading = lease.left();
                return call(() -> deaf, () -> feed.snapshot(into));
            }
        };
    }

    private Registrar registrar(TestingStore testing) {
        Registrar sql = new RegistrarSql(testing.store().forNodes(), testing.store()::now, new SecureRandom());
        return new Registrar() {
            @Override
            public long register(String registration, Node node, @Nullable Former former) {
                return call(() -> mute, () -> sql.register(registration, node, former));
            }

            @Override
            public Answer report(String registration, long number, long tag) {
                Answer answer = call(() -> mute, () -> sql.report(registration, number, tag));
                reports.incrementAndGet();
                return answer;
            }

            @Override
            public void end(String registration, End why) {
                call(() -> mute, () -> {
                    sql.end(registration, why);
                    return why;
                });
            }
        };
    }

    @Override
    public void close() {
        follower.close();
    }
}
