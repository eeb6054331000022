package dev.keyrack.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stops a link where a statement of this text is about to reach the database: what the network may do at any moment, done
 * at one that matters.
 */
final class Breakpoint implements AutoCloseable {
    private final byte[] text;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    Breakpoint(String text) {
        this.text = text.getBytes(StandardCharsets.US_ASCII);
    }

    void awaitReached(Duration atMost) throws IOException, InterruptedException {
        if (!reached.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("no statement with \"" + new String(text, StandardCharsets.US_ASCII)
                    + "\" was sent within " + atMost.toSeconds() + " s");
        }
    }

    /** Blocks while these bytes may not pass. */
    void pass(byte[] bytes, int length) throws InterruptedException {
        if (released.getCount() > 0 && contains(bytes, length)) {
            reached.countDown();
            released.await();
        }
    }

    /** Lets everything pass from now on. */
    void release() {
        released.countDown();
    }

    @Override
    public void close() {
        release();
    }

    private boolean contains(byte[] bytes, int length) {
        for (int at = 0; at + text.length <= length; at++) {
            int i = 0;
            while (i < text.length && bytes[at + i] == text[i]) {
                i++;
            }
            if (i == text.length) {
                return true;
            }
        }
        return false;
    }
}
