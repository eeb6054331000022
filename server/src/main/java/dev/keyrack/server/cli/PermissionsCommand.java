package dev.keyrack.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows and sets which permissions there are, and which types of key can have them. */
@Command(
        name = "permissions",
        description = "Lists and sets the permissions that keys can have.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class PermissionsCommand implements Runnable {
    private static final String PATH = "/api/v1/permissions";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                java.util.Objects.requireNonNull(spec).commandLine(), "Which of these? list or set");
    }

    @Command(name = "list", description = "Lists the catalogue of permissions.", mixinStandardHelpOptions = true)
    static final class ListAll implements Callable<Integer> {
        private final Launcher launcher;

        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private final Commands.Output output = new Commands.Output();

        ListAll(Launcher launcher) {
            this.launcher = launcher;
        }

        @Override
        public Integer call() throws Exception {
            CommandLine line = java.util.Objects.requireNonNull(spec).commandLine();
            try (Launcher.Session session = launcher.session();
                    ApiClient api = new ApiClient(session.target(), null)) {
                JsonNode catalogue = api.get(PATH);
                if (output.json()) {
                    Commands.print(line, catalogue);
                } else {
                    tell(line, catalogue);
                }
                return 0;
            }
        }

        private static void tell(CommandLine line, JsonNode catalogue) {
            line.getOut().printf("%-24s  %-30s  %s%n", "PERMISSION", "TYPES", "DESCRIPTION");
            for (JsonNode entry : catalogue.path("permissions")) {
                List<String> types = new ArrayList<>();
                entry.path("types").forEach(type -> types.add(type.asString()));
                line.getOut()
                        .printf(
                                "%-24s  %-30s  %s%n",
                                entry.path("permission").asString(),
                                String.join(",", types),
                                entry.path("description").asString());
            }
            line.getOut()
                    .println(
                            catalogue.path("version").asLong() == 0
                                    ? "No catalogue is set: keys can be given any permission."
                                    : "Version " + catalogue.path("version").asLong() + ".");
        }
    }

    @Command(
            name = "set",
            description =
                    "Sets the catalogue of permissions as a whole, and returns when every node has confirmed it or lost"
                            + " its lease.",
            mixinStandardHelpOptions = true)
    static final class Replace implements Callable<Integer> {
        private final Launcher launcher;

        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private final Commands.Output output = new Commands.Output();

        @Parameters(
                paramLabel = "FILE",
                description =
                        "JSON as `permissions list --output json` prints it. With its version in it, the catalogue is"
                                + " set only if it still is of that version.")
        private Path file = Path.of("");

        Replace(Launcher launcher) {
            this.launcher = launcher;
        }

        @Override
        public Integer call() throws Exception {
            CommandLine line = java.util.Objects.requireNonNull(spec).commandLine();
            ObjectNode wanted = read(file);
            JsonNode version = wanted.remove("version");
            try (Launcher.Session session = launcher.session();
                    ApiClient api = new ApiClient(session.target(), null)) {
                JsonNode done = api.put(PATH, wanted, version == null ? null : "\"" + version.asString() + "\"");
                if (output.json()) {
                    Commands.print(line, done);
                } else {
                    tell(line, done);
                }
                return 0;
            }
        }

        private static void tell(CommandLine line, JsonNode done) {
            line.getOut()
                    .println("Set: version " + done.path("version").asLong() + ", "
                            + done.path("permissions").size() + " permissions. "
                            + ConfirmationText.of(done.path("confirmation")));
        }

        private static ObjectNode read(Path file) {
            try {
                if (ApiClient.JSON.readTree(Files.readString(file)) instanceof ObjectNode object) {
                    return object;
                }
            } catch (IOException e) {
                throw new CommandLineProblem(2, "The file " + file + " cannot be read. Is this the right file?");
            } catch (JacksonException e) {
                throw notJson(file);
            }
            throw notJson(file);
        }

        private static CommandLineProblem notJson(Path file) {
            return new CommandLineProblem(
                    2,
                    "The file " + file + " holds no JSON object. Begin with what `permissions list --output json`"
                            + " prints.");
        }
    }
}
