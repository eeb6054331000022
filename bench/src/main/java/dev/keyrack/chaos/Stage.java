package dev.keyrack.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a scenario is played: one node that serves, one gate, and a history of its own. */
final class Stage implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private final Installation installation;
    private final History history;
    private final KeyRing ring = new KeyRing();
    private final Desk desk;
    private final List<Thread> askers = new ArrayList<>();
    private volatile boolean open = true;
    private final String scene;
    private int created;

    /** @param file for the history; its name tells this scene's keys from those of others on the same installation */
    Stage(Installation installation, Path file) throws IOException {
        this.scene = String.valueOf(file.getFileName()).replace(".jsonl", "");
        this.installation = installation;
        Files.deleteIfExists(file);
        this.history = new History(file);
        this.desk = new Desk(installation, history, ring);
    }

    Node serve() {
        return installation.serves().getFirst();
    }

    Node gate() {
        return installation.gates().getFirst();
    }

    Duration lease() {
        return installation.setup().lease();
    }

    TrackedKey create() throws IOException, InterruptedException {
        String name = scene + "-" + ++created;
        Desk.Done done = desk.create("client", serve(), name, false);
        require(done.outcome() == Outcome.OK, "a key could not be created");
        return new TrackedKey(name, done.id());
    }

    /** Asks for a new key, and waits for nothing. */
    void creating() {
        String name = scene + "-" + ++created;
        Thread.ofVirtual().start(() -> {
            try {
                desk.create("client", serve(), name, false);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    void change(Deed deed, TrackedKey key) throws IOException, InterruptedException {
        require(desk.change("client", serve(), deed, key).outcome() == Outcome.OK, deed + " failed");
    }

    /**
     * Asks for the change and lets it wait.
     *
     * @param done told what comes of it
     */
    void changing(Deed deed, TrackedKey key, CompletableFuture<Outcome> done) {
        Thread.ofVirtual().start(() -> {
            try {
                done.complete(desk.change("client", serve(), deed, key).outcome());
            } catch (InterruptedException e) {
                done.completeExceptionally(e);
            }
        });
    }

    static void await(CompletableFuture<Outcome> change) throws IOException, InterruptedException {
        try {
            require(change.get() == Outcome.OK, "a change failed");
        } catch (ExecutionException e) {
            throw new IOException("a change failed", e);
        }
    }

    /** From now on the gate is asked about every token, in turn, without waiting for its answers. */
    void keepAsking() {
        keepAsking(gate());
    }

    /** The same of any node. */
    void keepAsking(Node node) {
        Supplier<@Nullable Token> turns = new Supplier<>() {
            private int next;

            @Override
            public @Nullable Token get() {
                List<Token> all = ring.all();
                return open && !all.isEmpty() ? all.get(next++ % all.size()) : null;
            }
        };
        askers.add(Thread.ofVirtual().start(new Asker(node, turns, history, 10)));
    }

    /** Waits until the gate has given this answer about the newest token of a key, to a question asked since. */
    void awaitAnswer(TrackedKey key, String code) throws IOException, InterruptedException {
        long since = history.now();
        until(key.name + " is answered " + code, () -> answered(key, since).anyMatch(code::equals));
    }

    /** Waits until the gate has given some answers about a key, to questions asked since. */
    void awaitAnyAnswer(TrackedKey key) throws IOException, InterruptedException {
        long since = history.now();
        until(key.name + " is answered", () -> answered(key, since).count() >= 5);
    }

    /** The clock of all that is asked and answered here. */
    long now() {
        return history.now();
    }

    /** What came of questions about a key that were sent between two moments and not answered before the second one. */
    List<String> answersThatWaited(TrackedKey key, long from, long until) {
        return history.events().stream()
                .filter(Event.Verified.class::isInstance)
                .map(Event.Verified.class::cast)
                .filter(v -> v.key().equals(key.name)
                        && v.invoked() >= from
                        && v.invoked() <= until
                        && v.returned() >= until)
                .map(Event.Verified::code)
                .toList();
    }

    /** Every answer about a key so far. */
    List<String> answers(TrackedKey key) {
        return answered(key, 0).toList();
    }

    private Stream<String> answered(TrackedKey key, long since) {
        return history.events().reversed().stream()
                .takeWhile(event -> event.returned() >= since)
                .filter(Event.Verified.class::isInstance)
                .map(Event.Verified.class::cast)
                .filter(v -> v.key().equals(key.name)
                        && v.invoked() >= since
                        && !v.code().equals(Event.Verified.NOTHING))
                .map(Event.Verified::code);
    }

    static void until(String what, BooleanSupplier condition) throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            require(System.nanoTime() < giveUp, "waited in vain until " + what);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }

    /** Lets questions be asked and answered for a while. */
    void watch(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    /** What the history so far breaks, of what must hold at any moment. */
    List<Violation> violations() throws InterruptedException {
        open = false;
        for (Thread asker : askers) {
            asker.join();
        }
        return new Checker(Set.of(), Set.of(), Long.MAX_VALUE / 4).violations(history.events());
    }

    @Override
    public void close() throws IOException {
        open = false;
        history.close();
    }
}
