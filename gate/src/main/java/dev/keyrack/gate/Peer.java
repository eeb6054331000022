package dev.keyrack.gate;

import java.time.Duration;

/** The other end of one connection. Touched only by the event loop of that connection. */
final class Peer {
    /** How long an answered request's unread rest is taken in and dropped, so that the answer arrives. */
    private static final long LINGER = Duration.ofSeconds(5).toNanos();

    private final Trust.Of trust;
    private final String address;
    private final long idle;
    private final long request;
    private long deadline;

    Peer(Trust.Of trust, String address, GateSettings settings, long now) {
        this.trust = trust;
        this.address = address;
        this.idle = settings.bounds().idleTime().toNanos();
        this.request = settings.bounds().requestTime().toNanos();
        this.deadline = now + idle;
    }

    Trust.Of trust() {
        return trust;
    }

    /** Without a zone. For logs, and for the networks of a key. */
    String address() {
        return address;
    }

    /** The head of a request has arrived; its rest gets its own time, whatever trickles in meanwhile. */
    void begins(long now) {
        deadline = now + request;
    }

    void answered(long now) {
        deadline = now + idle;
    }

    void lingers(long now) {
        deadline = now + Math.min(LINGER, request);
    }

    boolean late(long now) {
        return now - deadline > 0;
    }
}
