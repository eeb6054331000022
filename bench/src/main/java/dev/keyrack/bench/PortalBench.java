package dev.keyrack.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** What pages of the portal take among many keys, as a signed-in reader asks for them over HTTP. */
@Command(name = "portal", description = "Measures pages of the portal among many keys.")
final class PortalBench implements Callable<Integer> {
    private static final double TARGET_MILLIS = 50;
    private static final String PASSWORD = "four unrelated words here";
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    @Option(names = "--keys", defaultValue = "100000", description = "Keys (default ${DEFAULT-VALUE}).")
    private int keys;

    @Option(names = "--rounds", defaultValue = "50", description = "Times each is asked (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Clock clock;

    PortalBench(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.here(clock).text());
        Path folder = Files.createTempDirectory("keyrack-bench");
        try {
            SampleStore store = SampleStore.make(folder.resolve("store"), keys);
            try (KeyrackProcess process = KeyrackProcess.start(store.data(), List.of());
                    Reader admin = Reader.join(process, store.token(), "admin");
                    Reader owner = Reader.join(process, store.token(), "owner");
                    Reader operator = Reader.join(process, store.operatorToken(), "admin")) {
                out.printf(
                        Locale.ROOT,
                        "%nPages of the portal among %,d keys, median and 99th percentile of %d%n%n",
                        keys,
                        rounds);
                out.printf("%-44s %10s %10s %10s%n", "page", "median ms", "p99 ms", "bytes");
                double worst = 0;
                for (Map.Entry<String, String> page :
                        pages(process, store.token()).entrySet()) {
                    worst = Math.max(worst, row(admin, page.getKey(), page.getValue(), out));
                }
                worst = Math.max(worst, row(owner, "Delete the organization", "/settings/organization/delete", out));
                worst = Math.max(worst, row(operator, "Operator, Organizations", "/operator/organizations", out));
                String suspend = "/operator/organizations/" + organization(process, store.token()) + "/suspend";
                worst = Math.max(worst, row(operator, "Operator, Suspend", suspend, out));
                out.printf(
                        Locale.ROOT,
                        "%nworst median %.1f ms (target: at most %.0f, %s)%n",
                        worst,
                        TARGET_MILLIS,
                        worst <= TARGET_MILLIS ? "met" : "not met");
            }
            return 0;
        } finally {
            Folders.delete(folder);
        }
    }

    private static String organization(KeyrackProcess process, String token) throws IOException, InterruptedException {
        return process.get("/api/v1/me", token).at("/organization/id").stringValue();
    }

    /** What an Admin reads. */
    private static Map<String, String> pages(KeyrackProcess process, String token)
            throws IOException, InterruptedException {
        JsonNode first = process.get("/api/v1/keys?limit=1", token).get("items").get(0);
        String key = "/settings/api-keys/" + first.get("id").stringValue();
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("API Keys", "/settings/api-keys");
        pages.put("API Keys, by name", "/settings/api-keys?sort=name");
        pages.put("API Keys, of a type and state", "/settings/api-keys?type=server&state=disabled");
        pages.put("API Keys, searched", "/settings/api-keys?search=key");
        pages.put("Create API Key", "/settings/api-keys/new");
        pages.put("a key", key);
        pages.put("a key, restrictions", key + "/restrictions");
        pages.put("a key, refusals", key + "/refusals");
        pages.put("a key, activity", key + "/activity");
        pages.put("API credentials", "/settings/api-credentials");
        pages.put("Projects", "/projects");
        pages.put("Members", "/members");
        pages.put("Audit", "/audit");
        pages.put("Search", "/search?q=key");
        return pages;
    }

    private double row(Reader reader, String name, String path, PrintWriter out)
            throws IOException, InterruptedException {
        double[] millis = new double[rounds];
        int bytes = 0;
        for (int i = -10; i < rounds; i++) {
            long from = System.nanoTime();
            bytes = reader.get(path).body().length();
            if (i >= 0) {
                millis[i] = (System.nanoTime() - from) / 1e6;
            }
        }
        double median = Medians.median(DoubleStream.of(millis));
        double[] sorted = DoubleStream.of(millis).sorted().toArray();
        double late = sorted[Math.min(rounds - 1, (int) Math.ceil(rounds * 0.99) - 1)];
        out.printf(Locale.ROOT, "%-44s %10.1f %10.1f %10d%n", name, median, late, bytes);
        out.flush();
        return median;
    }

    /** Somebody who is signed in. */
    private record Reader(HttpClient http, String url, String cookie) implements AutoCloseable {
        /** A member of this role whom the owner invited, and who signs in as people do. */
        static Reader join(KeyrackProcess process, String owner, String role) throws IOException, InterruptedException {
            String email = UUID.randomUUID() + "@example.com";
            String invited = "{\"email\":\"" + email + "\",\"role\":\"" + role + "\"}";
            String link = process.post("/api/v1/invitations", invited, owner)
                    .get("link")
                    .stringValue();
            process.post(
                    "/api/v1/invitations/accept",
                    "{\"code\":\"" + link.substring(link.indexOf('#') + 1) + "\",\"name\":\"Reader\",\"password\":\""
                            + PASSWORD + "\"}",
                    owner);
            HttpClient http = HttpClient.newHttpClient();
            Reader visitor = new Reader(http, process.url(), "");
            HttpResponse<String> door = visitor.get("/sign-in");
            String visit = cookie(door, "keyrack-visit");
            Matcher csrf = CSRF.matcher(door.body());
            if (!csrf.find()) {
                throw new IllegalStateException("the sign-in page has no form");
            }
            HttpResponse<String> in = http.send(
                    HttpRequest.newBuilder(URI.create(process.url() + "/sign-in"))
                            .header("Cookie", visit)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString("csrf=" + encoded(csrf.group(1)) + "&email="
                                    + encoded(email) + "&password=" + encoded(PASSWORD)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Reader(http, process.url(), cookie(in, "keyrack"));
        }

        private static String encoded(String value) {
            return URLEncoder.encode(value, StandardCharsets.UTF_8);
        }

        private static String cookie(HttpResponse<?> answer, String name) {
            return answer.headers().allValues("Set-Cookie").stream()
                    .filter(c -> c.startsWith(name + "="))
                    .map(c -> c.replaceFirst(";.*", ""))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("nobody was signed in"));
        }

        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url + path)).header("Accept", "text/html");
            if (!cookie.isEmpty()) {
                request.header("Cookie", cookie);
            }
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + " answered " + answer.statusCode());
            }
            return answer;
        }

        @Override
        public void close() {
            http.close();
        }
    }
}
