package dev.keyrack.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Clients and disasters at random, for a time, and what came of it.
 *
 * @param folder for everything that it leaves behind
 * @param seed that all chances are drawn from. The same seed gives the same disasters in the same order; when exactly
 *     they strike, and whom they meet, the machine decides
 */
record RandomRun(Path folder, Setup setup, Duration lasts, long seed) {
    private static final int SERVES = 2;
    private static final int GATES = 3;
    private static final int STEADY = 6;

    /** Two leases, and what a busy machine may take on top. */
    static Duration settling(Duration lease) {
        return lease.multipliedBy(2).plusSeconds(8);
    }

    Report run() throws IOException, InterruptedException {
        try (Installation installation = Installation.start(folder, setup, SERVES, GATES);
                History history = new History(folder.resolve("history.jsonl"))) {
            SplittableRandom random = new SplittableRandom(seed);
            KeyRing ring = new KeyRing();
            Desk desk = new Desk(installation, history, ring);
            for (int i = 1; i <= STEADY; i++) {
                desk.create("setup", installation.serves().getFirst(), "steady-" + i, true);
            }
            Nemesis nemesis = new Nemesis(installation, history, random.split());
            AtomicBoolean open = new AtomicBoolean(true);
            List<Thread> clients = new ArrayList<>();
            List<Thread> changers = new ArrayList<>();
            long end = history.now() + lasts.toNanos();
            BooleanSupplier going = () -> history.now() < end;
            try {
                clients.add(Thread.ofPlatform().daemon().start(new Pulse(names(installation), history, open::get)));
                for (Node node : installation.nodes()) {
                    SplittableRandom own = random.split();
                    clients.add(Thread.ofVirtual()
                            .start(new Asker(node, () -> open.get() ? ring.pick(own) : null, history, 25)));
                }
                List<TrackedKey> shared = new CopyOnWriteArrayList<>();
                for (int i = 1; i <= 5; i++) {
                    List<TrackedKey> keys = i <= 3 ? new CopyOnWriteArrayList<>() : shared;
                    changers.add(Thread.ofVirtual()
                            .start(new Changer(
                                    "client-" + i, installation.serves(), desk, keys, random.split(), going)));
                }
                nemesis.run(going);
                for (Thread changer : changers) {
                    changer.join();
                }
                TimeUnit.NANOSECONDS.sleep(settling(setup.lease()).toNanos());
            } finally {
                open.set(false);
                for (Thread client : clients) {
                    client.join();
                }
            }
            List<Violation> violations = new Ending(installation, history, ring)
                    .violations(settling(setup.lease()).toNanos());
            return new Report(
                    this, history.file(), history.events(), nemesis.counts(), missing(installation), violations);
        }
    }

    private static Set<String> names(Installation installation) {
        return installation.nodes().stream().map(Node::name).collect(Collectors.toSet());
    }

    /** Disasters that this system does not let us make. */
    private static List<String> missing(Installation installation) {
        List<String> missing = new ArrayList<>();
        if (!installation.postgres().bounded()) {
            missing.add("full disk: no file system of its own could be mounted for PostgreSQL (that needs root)");
        }
        if (installation.nodes().getFirst().time().isEmpty()) {
            missing.add("clock steps: libfaketime is not installed (Debian's package faketime)");
        }
        return missing;
    }
}
