package dev.keyrack.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Many visitors' conversations whose answers are streamed at the same time: whether each gets the whole of its own, how
 * evenly, how soon after the backend, and what it costs. Visitors, backend and Keyrack share this machine.
 */
@Command(name = "conversations", description = "Measures many conversations that stream at once.")
final class ConversationsBench implements Callable<Integer> {
    private static final String ORIGIN = "https://shop.example.com";
    private static final double TARGET_GAP = 250;
    private static final double TARGET_FIRST = 20;

    /** Fewer for each than the 600 that a key may begin in a minute. */
    private static final int VISITORS_PER_KEY = 250;

    private static final int ALONE = 50;

    @Option(
            names = "--conversations",
            defaultValue = "1000",
            description = "How many stream at once (default ${DEFAULT-VALUE}).")
    private int conversations;

    @Option(names = "--pieces", defaultValue = "200", description = "Pieces of an answer (default ${DEFAULT-VALUE}).")
    private int pieces;

    @Option(
            names = "--every",
            defaultValue = "100",
            description = "Milliseconds between two pieces (default ${DEFAULT-VALUE}).")
    private int every;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Clock clock;

    ConversationsBench(Clock clock) {
        this.clock = clock;
    }

    /**
     * One visitor's answer.
     *
     * @param whole whether it was the whole of it
     * @param gaps between pieces, in milliseconds
     * @param first milliseconds from the backend's first byte to the visitor's
     */
    private record Heard(boolean whole, List<Double> gaps, double first) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.here(clock).text());
        Path folder = Files.createTempDirectory("keyrack-bench");
        try (StreamingBackend backend = StreamingBackend.start(pieces, every);
                StreamingBackend brief = StreamingBackend.start(3, 10);
                KeyrackProcess process = KeyrackProcess.start(
                        folder.resolve("store"), Map.of("KEYRACK_BACKEND_NETWORKS", "127.0.0.0/8"), List.of())) {
            String owner = process.setUp();
            List<Heard> alone = alone(process, brief, project(process, owner, brief));
            List<String> project = project(process, owner, backend);
            long before = process.memory();
            out.printf(
                    Locale.ROOT,
                    "%n%,d conversations at once, each an answer of %d pieces, one every %d ms%n%n",
                    conversations,
                    pieces,
                    every);
            long cpu = process.processorMillis();
            long from = System.nanoTime();
            List<Heard> heard = atOnce(process, backend, project);
            double seconds = (System.nanoTime() - from) / 1e9;
            report(out, heard, alone);
            out.printf(
                    Locale.ROOT,
                    "memory of the process     %,d MiB before, %,d MiB after, %,d MiB at most%n",
                    before >> 20,
                    process.memory() >> 20,
                    process.peakMemory() >> 20);
            out.printf(
                    Locale.ROOT,
                    "processor time            %.1f s in %.1f s%n",
                    (process.processorMillis() - cpu) / 1e3,
                    seconds);
            return 0;
        } finally {
            Folders.delete(folder);
        }
    }

    /** A project that this backend answers for, and the tokens of its keys. */
    private List<String> project(KeyrackProcess process, String owner, StreamingBackend backend)
            throws IOException, InterruptedException {
        String project = process.post("/api/v1/projects", "{\"name\":\"Shop\"}", owner)
                .at("/project/id")
                .stringValue();
        process.patch(
                "/api/v1/projects/" + project + "/assistant",
                "{\"backend\":\"webhook\",\"webhook\":{\"url\":\"" + backend.url() + "\"}}",
                owner);
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i <= conversations / VISITORS_PER_KEY; i++) {
            tokens.add(process.post(
                            "/api/v1/keys",
                            "{\"name\":\"Page\",\"type\":\"web\",\"projectId\":\"" + project
                                    + "\",\"restrictions\":{\"websites\":[\"" + ORIGIN + "\"]}}",
                            owner)
                    .get("token")
                    .stringValue());
        }
        return tokens;
    }

    /** One after the other, with nobody else about. */
    private static List<Heard> alone(KeyrackProcess process, StreamingBackend backend, List<String> tokens)
            throws IOException {
        List<Heard> all = new ArrayList<>();
        for (int i = 0; i < ALONE; i++) {
            try (Visitor visitor = Visitor.arrive(process, 10_000 + i, tokens.getFirst())) {
                all.add(visitor.ask(backend));
            }
        }
        return all.subList(ALONE / 5, ALONE);
    }

    private List<Heard> atOnce(KeyrackProcess process, StreamingBackend backend, List<String> tokens)
            throws IOException, InterruptedException {
        Semaphore arriving = new Semaphore(20);
        CountDownLatch arrived = new CountDownLatch(conversations);
        List<Heard> heard = new ArrayList<>();
        try (ExecutorService visitors = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Heard>> all = new ArrayList<>();
            for (int i = 0; i < conversations; i++) {
                int number = i;
                all.add(visitors.submit(() -> {
                    arriving.acquire();
                    Visitor visitor;
                    try {
                        visitor = Visitor.arrive(process, number, tokens.get(number / VISITORS_PER_KEY));
                    } finally {
                        arriving.release();
                        arrived.countDown();
                    }
                    try (visitor) {
                        arrived.await();
                        return visitor.ask(backend);
                    }
                }));
            }
            for (Future<Heard> one : all) {
                heard.add(one.get());
            }
        } catch (ExecutionException e) {
            throw new IOException("a conversation was dropped: " + e.getMessage(), e);
        }
        return heard;
    }

    private static void report(PrintWriter out, List<Heard> heard, List<Heard> alone) {
        double[] gaps = heard.stream()
                .flatMap(one -> one.gaps().stream())
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        double[] first = heard.stream().mapToDouble(Heard::first).sorted().toArray();
        double[] firstAlone = alone.stream().mapToDouble(Heard::first).sorted().toArray();
        long whole = heard.stream().filter(Heard::whole).count();
        out.printf(
                Locale.ROOT,
                "whole answers             %,d of %,d (target: all, %s)%n",
                whole,
                heard.size(),
                whole == heard.size() ? "met" : "not met");
        out.printf(
                Locale.ROOT,
                "gap between pieces        median %.0f ms, p99 %.0f ms, at most %.0f ms (target: p99 at most %.0f, %s)%n",
                at(gaps, 0.5),
                at(gaps, 0.99),
                at(gaps, 1),
                TARGET_GAP,
                at(gaps, 0.99) <= TARGET_GAP ? "met" : "not met");
        out.printf(
                Locale.ROOT,
                "first piece after backend median %.1f ms, p99 %.1f ms with one at a time (target: at most %.0f, %s)%n",
                at(firstAlone, 0.5),
                at(firstAlone, 0.99),
                TARGET_FIRST,
                at(firstAlone, 0.99) <= TARGET_FIRST ? "met" : "not met");
        out.printf(
                Locale.ROOT,
                "                          median %.1f ms, p99 %.1f ms while all begin at the same moment%n",
                at(first, 0.5),
                at(first, 0.99));
    }

    private static double at(double[] sorted, double share) {
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * share) - 1)];
    }

    /** A visitor with a conversation of their own. */
    private record Visitor(VisitorConnection connection, String conversation) implements AutoCloseable {
        static Visitor arrive(KeyrackProcess process, int number, String key) throws IOException {
            VisitorConnection connection = VisitorConnection.open(URI.create(process.url()), number, ORIGIN);
            connection.as(connection
                    .post("/assistant/v1/sessions", "{\"key\":\"" + key + "\"}", id())
                    .get("access")
                    .stringValue());
            return new Visitor(
                    connection,
                    connection
                            .post("/assistant/v1/conversations", "{}", id())
                            .at("/conversation/id")
                            .stringValue());
        }

        private static String id() {
            return UUID.randomUUID().toString();
        }

        Heard ask(StreamingBackend backend) throws IOException {
            connection.stream(
                    "/assistant/v1/conversations/" + conversation + "/messages", "{\"text\":\"Hello\"}", id());
            StringBuilder text = new StringBuilder();
            List<Double> gaps = new ArrayList<>();
            long first = 0;
            long last = 0;
            boolean done = false;
            String event = "";
            for (String line = connection.line(); line != null; line = connection.line()) {
                if (line.startsWith("event: ")) {
                    event = line.substring(7);
                    done |= event.equals("done");
                } else if (line.startsWith("data: ") && event.equals("text")) {
                    long now = System.nanoTime();
                    JsonNode data = JsonMapper.shared().readTree(line.substring(6));
                    text.append(data.get("text").stringValue());
                    if (first == 0) {
                        first = now;
                    } else {
                        gaps.add((now - last) / 1e6);
                    }
                    last = now;
                }
            }
            return new Heard(
                    done && text.toString().equals(backend.text()),
                    gaps,
                    (first - backend.firstSentAt(conversation)) / 1e6);
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }
}
