package dev.keyrack.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs both planes on a throw-away store with one key of each type, and prints what to try. */
@Command(
        name = "demo",
        description = "Runs on a throw-away store with sample keys, and prints commands to paste.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private final Launcher launcher;

    @Spec
    private @Nullable CommandSpec spec;

    DemoCommand(Launcher launcher) {
        this.launcher = launcher;
    }

    private record Sample(String id, String token) {}

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("keyrack-demo");
        Launcher.Serving serving = started(folder);
        PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        DemoShop shop = DemoShop.start();
        ServeCommand.closeAtTheEnd(() -> {
            shop.close();
            serving.server().close();
            delete(folder);
        });
        try (ApiClient api = new ApiClient(serving.target(), null)) {
            String personal = api.post(
                            "/api/v1/setup",
                            ApiClient.JSON
                                    .createObjectNode()
                                    .put("name", "Acme")
                                    .put("subdomain", "acme")
                                    .put("ownerEmail", "owner@example.com"))
                    .at("/token")
                    .asString();
            String project = api.post(
                            "/api/v1/projects",
                            ApiClient.JSON.createObjectNode().put("name", "Shop"))
                    .at("/project/id")
                    .asString();
            Map<String, Sample> samples = new LinkedHashMap<>();
            for (String type : List.of("web", "mobile", "analytics", "server")) {
                samples.put(type, sample(api, project, type));
            }
            answers(api, project);
            Sample page = shopPage(api, project, shop.origin());
            shop.open(serving.target().url(), page.id(), page.token(), personal);
            String portal = api.post(
                            "/api/v1/recovery-links",
                            ApiClient.JSON.createObjectNode().put("email", "owner@example.com"))
                    .at("/link")
                    .asString();
            print(out, serving.target(), personal, samples, portal, shop.origin());
        }
        ServeCommand.untilStopped();
        return 0;
    }

    /** What the assistant of the shop knows. */
    private static void answers(ApiClient api, String project) {
        Map<String, String> entries = Map.of(
                "How long does delivery take?",
                "Two to four working days. From € 80 it is **free**; below, it costs € 6.",
                "Can I return a pot?",
                "Yes, within 30 days, as long as it was not used:\n\n1. Write to us.\n2. Print the label.\n3. Hand in the parcel.",
                "How do I care for stoneware?",
                "It goes into the dishwasher and the microwave. Do *not* put it on a flame.",
                "Do you wrap gifts?",
                "Gladly, for € 4. Choose it at the checkout.");
        entries.forEach((question, answer) -> api.post(
                "/api/v1/projects/" + project + "/assistant/entries",
                ApiClient.JSON.createObjectNode().put("question", question).put("answer", answer)));
    }

    /** A web key that works on the shop's page and nowhere else. */
    private static Sample shopPage(ApiClient api, String project, String origin) {
        ObjectNode wanted = ApiClient.JSON
                .createObjectNode()
                .put("name", "Shop page")
                .put("type", "web")
                .put("projectId", project);
        wanted.putObject("restrictions").putArray("websites").add(origin);
        JsonNode made = api.post("/api/v1/keys", wanted);
        Sample sample =
                new Sample(made.at("/key/id").asString(), made.at("/token").asString());
        ObjectNode options =
                ApiClient.JSON.createObjectNode().put("title", "Kiln & Clay").put("accent", "#a8512f");
        options.putArray("introMessages").add("Hello! Ask me about delivery, returns, care or gifts.");
        options.putObject("prompts").putArray("texts").add("Need a hand?").add("Questions about delivery?");
        api.patch("/api/v1/keys/" + sample.id() + "/component", options);
        return sample;
    }

    private Launcher.Serving started(Path folder) throws IOException {
        try {
            return launcher.serveThrowAway(folder);
        } catch (RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    private static Sample sample(ApiClient api, String project, String type) {
        JsonNode made = api.post(
                "/api/v1/keys",
                ApiClient.JSON
                        .createObjectNode()
                        .put("name", "Shop " + type)
                        .put("type", type)
                        .put("projectId", project));
        return new Sample(made.at("/key/id").asString(), made.at("/token").asString());
    }

    private static void print(
            PrintWriter out,
            Launcher.Target target,
            String personal,
            Map<String, Sample> samples,
            String portal,
            String shop) {
        Sample web = java.util.Objects.requireNonNull(samples.get("web"));
        out.println("A throw-away Keyrack is running, with the organization acme, the project Shop, and these keys:");
        out.println();
        samples.forEach((type, sample) -> out.printf("  %-9s  %s%n", type, sample.token()));
        out.println();
        out.println("Paste these in another terminal, in this order.");
        out.println();
        out.println("# Verify, as a service asks");
        String verify = "curl -s " + target.gateUrl()
                + "/v1/verify -H 'Content-Type: application/json' -d '{\"token\":\"" + web.token() + "\"}'; echo";
        out.println(verify);
        out.println();
        out.println("# Authorize, as a gateway asks for each request");
        out.println("curl -si " + target.gateUrl() + "/v1/authorize -H 'x-api-key: " + web.token() + "'");
        out.println();
        out.println("# Revoke: returns when it is off");
        out.println("curl -s -X DELETE " + target.url() + "/api/v1/keys/" + web.id() + " -H 'x-api-key: " + personal
                + "'; echo");
        out.println();
        out.println("# Verify again");
        out.println(verify);
        out.println();
        out.println("A shop with the assistant on its page, to try what a web key configures:");
        out.println("  " + shop + "/");
        out.println();
        out.println("The portal: choose a password for owner@example.com behind this link, and you are signed in.");
        out.println("  " + portal);
        out.println();
        out.println(
                "The management API is described at " + target.url() + "/api. Ctrl C stops it and deletes the store.");
        out.flush();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
