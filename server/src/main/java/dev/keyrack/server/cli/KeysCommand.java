package dev.keyrack.server.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes, lists, rotates and revokes keys. */
@Command(
        name = "keys",
        description = "Creates, lists, tries, regenerates and revokes API keys.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class KeysCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                java.util.Objects.requireNonNull(spec).commandLine(),
                "Which of these? create, list, try, regenerate, end-overlap or revoke");
    }

    /** Whose own a key is, for people. */
    private static String owner(JsonNode key) {
        return key.path("owner").path("name").asString("nobody");
    }

    /** What all of them have: the organization, the form of the result, and the way to the API. */
    abstract static class Action implements Callable<Integer> {
        private final Launcher launcher;

        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        final Commands.Output output = new Commands.Output();

        @Option(
                names = "--organization",
                paramLabel = "SUBDOMAIN",
                description = "Whose keys (default: the only organization there is).")
        private @Nullable String organization;

        Action(Launcher launcher) {
            this.launcher = launcher;
        }

        @Override
        public Integer call() throws Exception {
            try (Launcher.Session session = launcher.session();
                    ApiClient api = new ApiClient(session.target(), organization)) {
                act(api, java.util.Objects.requireNonNull(spec).commandLine());
                return 0;
            }
        }

        abstract void act(ApiClient api, CommandLine line);
    }

    @Command(name = "create", description = "Creates a key and prints its token.", mixinStandardHelpOptions = true)
    static final class Create extends Action {
        @Option(names = "--name", required = true, paramLabel = "NAME", description = "The key's name.")
        private String name = "";

        @Option(
                names = "--type",
                required = true,
                paramLabel = "TYPE",
                description = "web or mobile (may be public), analytics or server (secret).")
        private String type = "";

        @Option(
                names = "--project",
                paramLabel = "PROJECT",
                description = "The project's name or id (default: the only project there is).")
        private @Nullable String project;

        @Option(names = "--create-project", description = "Creates the project when there is none of that name.")
        private boolean createProject;

        @Option(
                names = "--permission",
                paramLabel = "PERMISSION",
                description = "A permission such as chat.start; repeat it for more (default: all of the type).")
        private List<String> permissions = new ArrayList<>();

        @Option(
                names = "--expires-at",
                paramLabel = "TIME",
                description = "When it ends, such as 2027-01-01T00:00:00Z (default: never).")
        private @Nullable String expiresAt;

        @Option(
                names = "--website",
                paramLabel = "URL",
                description =
                        "A website that may use it, such as https://example.com or https://*.example.com; repeat it"
                                + " for more (default: everybody may).")
        private List<String> websites = new ArrayList<>();

        @Option(
                names = "--network",
                paramLabel = "CIDR",
                description = "A network that may use it, such as 192.0.2.0/24; repeat it for more (default: any).")
        private List<String> networks = new ArrayList<>();

        Create(Launcher launcher) {
            super(launcher);
        }

        @Override
        void act(ApiClient api, CommandLine line) {
            ObjectNode wanted = ApiClient.JSON
                    .createObjectNode()
                    .put("name", name)
                    .put("type", type)
                    .put("projectId", projectId(api));
            if (!permissions.isEmpty()) {
                permissions.forEach(wanted.putArray("permissions")::add);
            }
            if (expiresAt != null) {
                wanted.put("expiresAt", expiresAt);
            }
            if (!websites.isEmpty()) {
                websites.forEach(wanted.withObject("/restrictions").putArray("websites")::add);
            }
            if (!networks.isEmpty()) {
                networks.forEach(wanted.withObject("/restrictions").putArray("networks")::add);
            }
            JsonNode done = api.post("/api/v1/keys", wanted);
            if (output.json()) {
                Commands.print(line, done);
                return;
            }
            Map<String, String> lines = new LinkedHashMap<>();
            lines.put("Key", done.at("/key/id").asString());
            lines.put("Name", done.at("/key/name").asString());
            lines.put("Type", done.at("/key/type").asString());
            lines.put("Owner", owner(done.path("key")));
            lines.put("Token", done.at("/token").asString());
            line.getOut().println("Created.");
            Commands.print(line, lines);
            for (JsonNode notice : done.path("notices")) {
                line.getOut().println("Note: " + notice.path("detail").asString());
            }
            if (List.of("server", "analytics").contains(done.at("/key/type").asString())) {
                line.getOut().println("Store the token now: you will not see it again.");
            }
        }

        private String projectId(ApiClient api) {
            if (project == null) {
                JsonNode all = api.get("/api/v1/projects?limit=2").path("items");
                if (all.size() == 1) {
                    return all.get(0).at("/id").asString();
                }
                throw new CommandLineProblem(
                        2,
                        all.isEmpty()
                                ? "There is no project yet. Add --project NAME --create-project."
                                : "There is more than one project. Say which: --project NAME.");
            }
            JsonNode found = api.get("/api/v1/projects?limit=200&search=" + ApiClient.encoded(project))
                    .path("items");
            for (JsonNode one : found) {
                if (project.equals(one.at("/name").asString())) {
                    return one.at("/id").asString();
                }
            }
            if (project.startsWith("prj_")) {
                return project;
            }
            if (!createProject) {
                throw new CommandLineProblem(
                        2, "There is no project called " + project + ". Add --create-project to make it.");
            }
            return api.post(
                            "/api/v1/projects",
                            ApiClient.JSON.createObjectNode().put("name", project))
                    .at("/project/id")
                    .asString();
        }
    }

    @Command(name = "list", description = "Lists keys, newest first.", mixinStandardHelpOptions = true)
    static final class ListAll extends Action {
        private static final String FORM = "%-11s  %-9s  %-8s  %-20s  %-24s  %s%n";

        @Option(names = "--search", paramLabel = "TEXT", description = "Only names that begin so, or this id.")
        private @Nullable String search;

        @Option(
                names = "--owner",
                paramLabel = "MEMBER",
                description = "Only the own keys of this member, by their id.")
        private @Nullable String owner;

        @Option(
                names = "--state",
                paramLabel = "STATE",
                description = "Only active, disabled, expired or revoked ones.")
        private @Nullable String state;

        @Option(
                names = "--limit",
                paramLabel = "COUNT",
                description = "At most so many, 1 to 200 (default: ${DEFAULT-VALUE}).",
                defaultValue = "50")
        private int limit;

        ListAll(Launcher launcher) {
            super(launcher);
        }

        @Override
        void act(ApiClient api, CommandLine line) {
            JsonNode page = api.get("/api/v1/keys?limit=" + limit
                    + (search == null ? "" : "&search=" + ApiClient.encoded(search))
                    + (owner == null ? "" : "&owner=" + ApiClient.encoded(owner))
                    + (state == null ? "" : "&state=" + ApiClient.encoded(state)));
            if (output.json()) {
                Commands.print(line, page);
                return;
            }
            if (page.path("items").isEmpty()) {
                line.getOut().println("No keys. Create one: ./keyrack keys create --name NAME --type TYPE");
                return;
            }
            line.getOut().printf(FORM, "ID", "TYPE", "STATE", "CREATED", "OWNER", "NAME");
            for (JsonNode key : page.path("items")) {
                line.getOut()
                        .printf(
                                FORM,
                                key.path("id").asString(),
                                key.path("type").asString(),
                                key.path("state").asString(),
                                key.path("createdAt").asString().replaceAll("\\.\\d+Z$", "Z"),
                                owner(key),
                                key.path("name").asString());
            }
            if (!page.path("next").isNull()) {
                line.getOut().println("There are more: narrow it with --search, or raise --limit.");
            }
        }
    }

    @Command(
            name = "revoke",
            description = "Revokes a key for good, and returns when every node has confirmed it or lost its lease.",
            mixinStandardHelpOptions = true)
    static final class Revoke extends Action {
        @Parameters(paramLabel = "ID", description = "The key's id.")
        private String id = "";

        Revoke(Launcher launcher) {
            super(launcher);
        }

        @Override
        void act(ApiClient api, CommandLine line) {
            JsonNode done = api.delete("/api/v1/keys/" + ApiClient.encoded(id));
            if (output.json()) {
                Commands.print(line, done);
                return;
            }
            line.getOut()
                    .println("Revoked " + done.at("/key/id").asString() + " ("
                            + done.at("/key/name").asString() + "). " + ConfirmationText.of(done.path("confirmation")));
        }
    }
}
