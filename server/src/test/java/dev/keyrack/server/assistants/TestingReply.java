package dev.keyrack.server.assistants;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A reply that keeps what is written to it, and can be cancelled. */
final class TestingReply implements Reply {
    final List<String> pieces = new CopyOnWriteArrayList<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final List<Runnable> ends = new CopyOnWriteArrayList<>();
    private volatile boolean cancelled;

    @Override
    public void add(String text) {
        pieces.add(text);
        first.countDown();
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public void onCancel(Runnable end) {
        ends.add(end);
        if (cancelled) {
            end.run();
        }
    }

    void cancel() {
        cancelled = true;
        ends.forEach(Runnable::run);
    }

    String text() {
        return String.join("", pieces);
    }

    void awaitFirst() throws InterruptedException {
        if (!first.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("nothing was said");
        }
    }
}
