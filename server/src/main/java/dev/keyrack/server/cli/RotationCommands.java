package dev.keyrack.server.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** New tokens for keys, and the end of the old ones. */
final class RotationCommands {
    private RotationCommands() {}

    @Command(
            name = "regenerate",
            description = "Gives a key a new token and prints it; the former one stops, at once or after an overlap.",
            mixinStandardHelpOptions = true)
    static final class Regenerate extends KeysCommand.Action {
        private static final Pattern LENGTH = Pattern.compile("([0-9]{1,7})(s|m|h|d)");

        @Parameters(paramLabel = "ID", description = "The key's id.")
        private String id = "";

        @Option(
                names = "--overlap",
                paramLabel = "TIME",
                description =
                        "How long the former token still works, such as 90s, 30m, 12h or 1d; 30d at most (default:"
                                + " not at all).",
                defaultValue = "0s")
        private String overlap = "";

        Regenerate(Launcher launcher) {
            super(launcher);
        }

        @Override
        void act(ApiClient api, CommandLine line) {
            JsonNode done = api.post(
                    "/api/v1/keys/" + ApiClient.encoded(id) + "/regenerate",
                    ApiClient.JSON
                            .createObjectNode()
                            .put("overlapSeconds", length(overlap).toSeconds()));
            if (output.json()) {
                Commands.print(line, done);
                return;
            }
            Map<String, String> lines = new LinkedHashMap<>();
            lines.put("Key", done.at("/key/id").asString());
            lines.put("Name", done.at("/key/name").asString());
            lines.put("Token", done.at("/token").asString());
            JsonNode end = done.at("/key/tokens/1/endsAt");
            lines.put("Former token", end.isMissingNode() ? "stopped" : "works until " + end.asString());
            line.getOut().println("Regenerated. " + ConfirmationText.of(done.path("confirmation")));
            Commands.print(line, lines);
            if (List.of("server", "analytics").contains(done.at("/key/type").asString())) {
                line.getOut().println("Store the token now: you will not see it again.");
            }
        }

        private static Duration length(String text) {
            Matcher length = LENGTH.matcher(text);
            if (!length.matches()) {
                throw new CommandLineProblem(2, "--overlap is a time such as 90s, 30m, 12h or 1d, not " + text + ".");
            }
            long number = Long.parseLong(length.group(1));
            return switch (length.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofDays(number);
            };
        }
    }

    @Command(
            name = "end-overlap",
            description =
                    "Ends a key's former token now, and returns when every node has confirmed it or lost its lease.",
            mixinStandardHelpOptions = true)
    static final class EndOverlap extends KeysCommand.Action {
        @Parameters(paramLabel = "ID", description = "The key's id.")
        private String id = "";

        EndOverlap(Launcher launcher) {
            super(launcher);
        }

        @Override
        void act(ApiClient api, CommandLine line) {
            JsonNode done = api.post(
                    "/api/v1/keys/" + ApiClient.encoded(id) + "/end-overlap", ApiClient.JSON.createObjectNode());
            if (output.json()) {
                Commands.print(line, done);
                return;
            }
            line.getOut()
                    .println("Only the newest token of " + done.at("/key/id").asString() + " ("
                            + done.at("/key/name").asString() + ") works. "
                            + ConfirmationText.of(done.path("confirmation")));
        }
    }
}
