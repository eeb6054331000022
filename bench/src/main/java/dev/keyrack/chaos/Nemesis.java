package dev.keyrack.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings disasters over an installation: up to two at a time, never two to one process. */
final class Nemesis {
    private static final int LANES = 2;

    private final Installation installation;
    private final History history;
    private final SplittableRandom random;
    private final Set<String> harmed = new HashSet<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<Exception> failures = new ArrayList<>();

    Nemesis(Installation installation, History history, SplittableRandom random) {
        this.installation = installation;
        this.history = history;
        this.random = random;
    }

    /** Goes on as long as it is told to, then mends everything. */
    void run(BooleanSupplier going) throws IOException, InterruptedException {
        List<Thread> lanes = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            SplittableRandom own = random.split();
            lanes.add(Thread.ofVirtual().start(() -> lane(going, own)));
        }
        for (Thread lane : lanes) {
            lane.join();
        }
        long from = history.now();
        new Disasters(installation, random).healAll();
        Set<String> all = installation.nodes().stream().map(Node::name).collect(Collectors.toSet());
        history.add(new Event.Disturbed(all, "everything mended", from, history.now()));
        synchronized (this) {
            if (!failures.isEmpty()) {
                throw new IOException(
                        "the harness itself failed: " + failures.getFirst().getMessage(), failures.getFirst());
            }
        }
    }

    /** How often each kind of disaster came, without the names of nodes. */
    synchronized Map<String, Integer> counts() {
        return Map.copyOf(counts);
    }

    private void lane(BooleanSupplier going, SplittableRandom own) {
        Disasters disasters = new Disasters(installation, own);
        try {
            while (going.getAsBoolean()) {
                Disaster disaster = claimed(disasters);
                if (disaster != null) {
                    bring(disaster);
                }
                TimeUnit.MILLISECONDS.sleep(own.nextInt(1_500));
            }
        } catch (IOException e) {
            synchronized (this) {
                failures.add(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Disaster claimed(Disasters disasters) {
        Disaster disaster = disasters.next();
        if (!harmed.add(disaster.victim())) {
            return null;
        }
        counts.merge(disaster.kind(), 1, Integer::sum);
        return disaster;
    }

    private void bring(Disaster disaster) throws IOException, InterruptedException {
        long from = history.now();
        try {
            disaster.begin().run();
            TimeUnit.NANOSECONDS.sleep(disaster.lasts().toNanos());
        } finally {
            try {
                disaster.end().run();
            } finally {
                history.add(new Event.Disturbed(disaster.nodes(), disaster.what(), from, history.now()));
                synchronized (this) {
                    harmed.remove(disaster.victim());
                }
            }
        }
    }
}
