package dev.keyrack.server.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Says why a key is refused, without its token. */
@Command(
        name = "try",
        description = "Says what a verification of a key would answer, and why, without its token.",
        mixinStandardHelpOptions = true)
final class KeyTryCommand extends KeysCommand.Action {
    @Parameters(paramLabel = "ID", description = "The key's id.")
    private String id = "";

    @Option(names = "--origin", paramLabel = "URL", description = "The page's origin, such as https://example.com.")
    private @Nullable String origin;

    @Option(names = "--ip", paramLabel = "ADDRESS", description = "The caller's address.")
    private @Nullable String ip;

    @Option(
            names = "--app",
            paramLabel = "APP",
            description = "The app, such as ios:com.example.Shop or android:com.example.shop:SHA-256.")
    private @Nullable String app;

    @Option(names = "--permission", paramLabel = "PERMISSION", description = "What it is used for.")
    private @Nullable String permission;

    @Option(names = "--at", paramLabel = "TIME", description = "When, such as 2027-01-01T00:00:00Z (default: now).")
    private @Nullable String at;

    KeyTryCommand(Launcher launcher) {
        super(launcher);
    }

    @Override
    void act(ApiClient api, CommandLine line) {
        ObjectNode question = ApiClient.JSON.createObjectNode();
        put(question, "origin", origin);
        put(question, "ip", ip);
        put(question, "app", app);
        put(question, "permission", permission);
        put(question, "at", at);
        JsonNode answer = api.post("/api/v1/keys/" + ApiClient.encoded(id) + "/simulate", question);
        if (output.json()) {
            Commands.print(line, answer);
            return;
        }
        line.getOut().println(answer.path("code").asString());
        for (JsonNode check : answer.path("checks")) {
            line.getOut()
                    .printf(
                            "  %-9s %-13s %s%n",
                            check.path("outcome").asString(),
                            check.path("rule").asString(),
                            check.path("detail").asString());
        }
    }

    private static void put(ObjectNode question, String field, @Nullable String value) {
        if (value != null) {
            question.put(field, value);
        }
    }
}
