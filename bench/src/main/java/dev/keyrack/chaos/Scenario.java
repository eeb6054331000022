package dev.keyrack.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A short story that goes wrong only if the program has one certain fault.
 *
 * @param fault the name of the fault that it brings out
 * @param planted what kind of process the fault is planted in
 */
record Scenario(String fault, Node.Kind planted, Story story) {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** What the gate asks the database for entries of the feed with, where it is far behind. */
    private static final String ENTRIES = "WHERE seq >= ";

    /** So many come with the head, and need not be asked for. */
    private static final int WITH_HEAD = 8;

    /** What the gate asks for the head with. */
    private static final String HEAD = "FROM feed_head";

    /** What a registration reads first, and a report too. */
    private static final String LENGTHS = "FROM lease_lengths";

    interface Story {
        void play(Stage stage) throws IOException, InterruptedException;
    }

    static final List<Scenario> ALL = List.of(
            new Scenario("lease-not-checked", Node.Kind.GATE, Scenario::frozenGate),
            new Scenario("lease-prolonged-while-behind", Node.Kind.GATE, Scenario::deafGateThatReports),
            new Scenario("entries-out-of-order", Node.Kind.GATE, Scenario::gateThatCatchesUp),
            new Scenario("registration-without-number", Node.Kind.GATE, Scenario::gateThatJoinsDuringRevocation),
            new Scenario("report-before-applying", Node.Kind.GATE, Scenario::gateThatHearsOfMoreThanItReads),
            new Scenario("change-outside-store", Node.Kind.SERVE, Scenario::plainRevocation));

    /**
     * The gate stands still while a key is revoked; questions that were sent afterwards wait in its socket, and it runs on
     * without the network, so that nothing but its clock can tell it what happened.
     */
    private static void frozenGate(Stage stage) throws IOException, InterruptedException {
        TrackedKey key = stage.create();
        stage.keepAsking();
        stage.awaitAnswer(key, "VALID");
        long revoked;
        long thawed;
        stage.gate().freeze();
        try {
            stage.change(Deed.REVOKE, key);
            revoked = stage.now();
            stage.watch(Duration.ofMillis(200));
            stage.gate().link().cut(Way.BACK);
            thawed = stage.now();
        } finally {
            stage.gate().thaw();
        }
        stage.awaitAnyAnswer(key);
        requireOwnClock(stage.answersThatWaited(key, revoked, thawed));
    }

    /** A {@code VALID} among them is left to the rules to find. */
    private static void requireOwnClock(List<String> waited) throws IOException {
        Stage.require(waited.size() >= 5, "next to no question waited in the socket: " + waited);
        Stage.require(!waited.contains(Event.Verified.NOTHING), "questions that waited were not answered: " + waited);
        Stage.require(
                waited.contains("STALE") || waited.contains("VALID"),
                "the gate knew of the revocation before its own clock could tell it: " + waited);
    }

    /**
     * Makes the gate be so far behind that it learns how far the feed goes before it can read it, and stops it between the
     * two.
     *
     * @param change the newest that the gate learns of, if it is done
     */
    private static Breakpoint beforeEntries(Stage stage, Story change) throws IOException, InterruptedException {
        try (Breakpoint head = stage.gate().link().breakAt(HEAD)) {
            head.awaitReached(SOON);
            for (int i = 0; i <= WITH_HEAD; i++) {
                stage.create();
            }
            change.play(stage);
            return stage.gate().link().breakAt(ENTRIES);
        }
    }

    /** The gate can say what it has applied, but no new entry reaches it. */
    private static void deafGateThatReports(Stage stage) throws IOException, InterruptedException {
        TrackedKey key = stage.create();
        stage.keepAsking();
        stage.awaitAnswer(key, "VALID");
        CompletableFuture<Outcome> revoked = new CompletableFuture<>();
        try (Breakpoint entries = beforeEntries(stage, s -> s.changing(Deed.REVOKE, key, revoked))) {
            entries.awaitReached(SOON);
            Stage.await(revoked);
            stage.watch(stage.lease());
        }
    }

    /** A key is on for a moment and off again, and the gate hears of both at once. */
    private static void gateThatCatchesUp(Stage stage) throws IOException, InterruptedException {
        TrackedKey key = stage.create();
        stage.keepAsking();
        stage.awaitAnswer(key, "VALID");
        stage.change(Deed.DISABLE, key);
        stage.awaitAnswer(key, "DISABLED");
        try (Breakpoint entries = beforeEntries(stage, s -> s.change(Deed.ENABLE, key))) {
            entries.awaitReached(SOON);
            stage.change(Deed.DISABLE, key);
        }
        TrackedKey other = stage.create();
        stage.awaitAnswer(other, "VALID");
        stage.awaitAnyAnswer(key);
    }

    /** The gate has read all keys and is about to register, when one of them is revoked. */
    private static void gateThatJoinsDuringRevocation(Stage stage) throws IOException, InterruptedException {
        TrackedKey key = stage.create();
        stage.gate().stop();
        try (Breakpoint registration = stage.gate().link().breakAt(LENGTHS)) {
            stage.gate().launch();
            stage.keepAsking();
            registration.awaitReached(SOON);
            stage.change(Deed.REVOKE, key);
            try (Breakpoint head = stage.gate().link().breakAt(HEAD)) {
                registration.release();
                head.awaitReached(SOON);
                stage.awaitAnyAnswer(key);
            }
        }
        stage.gate().awaitReady();
    }

    /** The gate learns how far the feed goes, and then cannot read it. */
    private static void gateThatHearsOfMoreThanItReads(Stage stage) throws IOException, InterruptedException {
        TrackedKey key = stage.create();
        stage.keepAsking();
        stage.awaitAnswer(key, "VALID");
        CompletableFuture<Outcome> revoked = new CompletableFuture<>();
        stage.keepAsking(stage.serve());
        Story revoking = s -> {
            s.changing(Deed.REVOKE, key, revoked);
            // By the process through which it was revoked, once that is in the feed.
            s.awaitAnswer(key, "REVOKED");
        };
        try (Breakpoint entries = beforeEntries(stage, revoking)) {
            entries.awaitReached(SOON);
            Stage.await(revoked);
            stage.watch(Duration.ofSeconds(1));
        }
    }

    /** Nothing is wrong with anything but the revocation. */
    private static void plainRevocation(Stage stage) throws IOException, InterruptedException {
        TrackedKey key = stage.create();
        stage.keepAsking();
        stage.awaitAnswer(key, "VALID");
        stage.change(Deed.REVOKE, key);
        stage.awaitAnyAnswer(key);
    }

    /** Plays it, and returns what it broke. */
    List<Violation> play(Stage stage) throws IOException, InterruptedException {
        try {
            story.play(stage);
        } finally {
            stage.gate().link().heal();
        }
        return stage.violations();
    }
}
