package dev.keyrack.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** What a page of the list of keys costs among many keys, beside the same page among few, asked in turn. */
@Command(name = "pages", description = "Measures pages of the list of keys among many keys, beside few.")
final class PagesBench implements Callable<Integer> {
    static final double TARGET = 3;
    private static final int PAGES_AHEAD = 3;

    @Option(names = "--keys", defaultValue = "1000000", description = "Many keys (default ${DEFAULT-VALUE}).")
    private int many;

    @Option(names = "--few", defaultValue = "1000", description = "Few keys (default ${DEFAULT-VALUE}).")
    private int few;

    @Option(names = "--rounds", defaultValue = "50", description = "Times each is asked (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Clock clock;

    PagesBench(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.here(clock).text());
        Path folder = Files.createTempDirectory("keyrack-bench");
        try {
            SampleStore large = SampleStore.make(folder.resolve("many"), many);
            SampleStore small = SampleStore.make(folder.resolve("few"), few);
            try (KeyrackProcess ofMany = KeyrackProcess.start(large.data(), List.of());
                    KeyrackProcess ofFew = KeyrackProcess.start(small.data(), List.of())) {
                compare(new Side(ofMany, large.token()), new Side(ofFew, small.token()), out);
            }
            return 0;
        } finally {
            Folders.delete(folder);
        }
    }

    private record Side(KeyrackProcess process, String token) {
        JsonNode get(String path) throws IOException, InterruptedException {
            return process.get(path, token);
        }

        double micros(String path) throws IOException, InterruptedException {
            long from = System.nanoTime();
            get(path);
            return (System.nanoTime() - from) / 1e3;
        }

        /** The same query some pages further on. */
        String ahead(String path) throws IOException, InterruptedException {
            String cursor = null;
            for (int page = 0; page < PAGES_AHEAD; page++) {
                JsonNode next =
                        get(cursor == null ? path : path + "&cursor=" + cursor).get("next");
                if (next.isNull()) {
                    break;
                }
                cursor = next.stringValue();
            }
            return cursor == null ? path : path + "&cursor=" + cursor;
        }

        String project() throws IOException, InterruptedException {
            return get("/api/v1/projects?limit=1").get("items").get(0).get("id").stringValue();
        }
    }

    private static Map<String, String> queries(Side side) throws IOException, InterruptedException {
        Map<String, String> queries = new LinkedHashMap<>();
        for (String sort : List.of("-createdAt", "createdAt", "name", "-name", "type", "-type")) {
            queries.put("sort=" + sort, "sort=" + sort);
        }
        queries.put("project, newest first", "projectId=" + side.project());
        queries.put("project, by name", "sort=name&projectId=" + side.project());
        queries.put("project, by type", "sort=type&projectId=" + side.project());
        queries.put("type=server, newest first", "type=server");
        queries.put("type=server, by name", "type=server&sort=name");
        queries.put("state=disabled, newest first", "state=disabled");
        queries.put("state=disabled, by name", "state=disabled&sort=name");
        queries.put("state=active,disabled", "state=active,disabled");
        queries.put("type=server,web", "type=server,web");
        queries.put("search=key%20a", "search=key%20a");
        for (String owner : List.of("me", SampleStore.SELDOM)) {
            for (String sort : List.of("-createdAt", "name", "type")) {
                queries.put("owner=" + owner + ", sort=" + sort, "owner=" + owner + "&sort=" + sort);
            }
        }
        return queries;
    }

    private void compare(Side ofMany, Side ofFew, PrintWriter out) throws IOException, InterruptedException {
        out.printf(
                Locale.ROOT,
                "%nA page of 10 among %,d keys beside the same among %,d, median of %d, in turn%n",
                many,
                few,
                rounds);
        out.printf("%-30s %-7s %10s %10s %7s%n", "query", "page", "many, µs", "few, µs", "ratio");
        Map<String, String> inMany = queries(ofMany);
        Map<String, String> inFew = queries(ofFew);
        double worst = 0;
        for (Map.Entry<String, String> query : inMany.entrySet()) {
            String large = "/api/v1/keys?limit=10&" + query.getValue();
            String small = "/api/v1/keys?limit=10&" + inFew.getOrDefault(query.getKey(), query.getValue());
            worst = Math.max(worst, row(query.getKey(), "first", ofMany, large, ofFew, small, out));
            worst = Math.max(
                    worst, row(query.getKey(), "later", ofMany, ofMany.ahead(large), ofFew, ofFew.ahead(small), out));
        }
        out.printf(
                Locale.ROOT,
                "%nworst ratio %.2f (target: at most %.0f, %s)%n",
                worst,
                TARGET,
                worst <= TARGET ? "met" : "not met");
    }

    private double row(String name, String page, Side ofMany, String large, Side ofFew, String small, PrintWriter out)
            throws IOException, InterruptedException {
        List<Double> many = new ArrayList<>();
        List<Double> few = new ArrayList<>();
        for (int i = 0; i < rounds + 10; i++) {
            double of = ofMany.micros(large);
            double beside = ofFew.micros(small);
            if (i >= 10) {
                many.add(of);
                few.add(beside);
            }
        }
        double ofLarge = Medians.median(many.stream().mapToDouble(v -> v));
        double ofSmall = Medians.median(few.stream().mapToDouble(v -> v));
        out.printf(Locale.ROOT, "%-30s %-7s %10.0f %10.0f %7.2f%n", name, page, ofLarge, ofSmall, ofLarge / ofSmall);
        out.flush();
        return ofLarge / ofSmall;
    }
}
