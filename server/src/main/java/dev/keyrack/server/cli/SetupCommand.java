package dev.keyrack.server.cli;

import dev.keyrack.server.accounts.Subdomains;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Makes the first organization and its owner on an empty store, or lets an Owner back in on one in use. */
@Command(
        name = "setup",
        description = {
            "Sets up an empty store: the organization that runs it, and its owner.",
            "With --reset-owner: prints a one-time link, with which an Owner chooses a new password."
        },
        mixinStandardHelpOptions = true)
final class SetupCommand implements Callable<Integer> {
    private final Launcher launcher;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final Commands.Output output = new Commands.Output();

    @ArgGroup(multiplicity = "1")
    private Task task = new Task();

    /** One of two things to do. */
    private static final class Task {
        @ArgGroup(exclusive = false)
        private @Nullable Founding founding;

        @Option(
                names = "--reset-owner",
                paramLabel = "EMAIL",
                description = "Print a one-time link for the Owner with this address; Keyrack must be running.")
        private @Nullable String resetOwner;
    }

    private static final class Founding {
        @Option(
                names = "--organization",
                required = true,
                paramLabel = "NAME",
                description = "The organization's name.")
        private String organization = "";

        @Option(
                names = "--subdomain",
                paramLabel = "LABEL",
                description = "Its subdomain, a-z, 0-9 and - (default: made from the name).")
        private @Nullable String subdomain;

        @Option(names = "--email", required = true, paramLabel = "EMAIL", description = "The owner's e-mail address.")
        private String email = "";
    }

    SetupCommand(Launcher launcher) {
        this.launcher = launcher;
    }

    @Override
    public Integer call() throws Exception {
        CommandLine line = java.util.Objects.requireNonNull(spec).commandLine();
        if (task.resetOwner != null) {
            return resetOwner(line, task.resetOwner);
        }
        return found(line, java.util.Objects.requireNonNull(task.founding));
    }

    private int found(CommandLine line, Founding founding) {
        try (Launcher.Session session = launcher.sessionForSetup();
                ApiClient api = new ApiClient(session.target(), null)) {
            session.notices().forEach(line.getErr()::println);
            JsonNode done = api.post(
                    "/api/v1/setup",
                    ApiClient.JSON
                            .createObjectNode()
                            .put("name", founding.organization)
                            .put(
                                    "subdomain",
                                    founding.subdomain == null
                                            ? Subdomains.proposed(founding.organization)
                                            : founding.subdomain)
                            .put("ownerEmail", founding.email));
            if (output.json()) {
                Commands.print(line, done);
                return 0;
            }
            Map<String, String> lines = new LinkedHashMap<>();
            lines.put("Organization", done.at("/organization/name").asString());
            lines.put("Subdomain", done.at("/organization/subdomain").asString());
            lines.put("Owner", done.at("/owner/email").asString());
            lines.put("Personal token", done.at("/token").asString());
            line.getOut().println("Set up.");
            Commands.print(line, lines);
            line.getOut().println("Store the personal token now: you will not see it again.");
            if (session.linksLast()) {
                choosePassword(line, api, founding.email);
            }
            line.getOut().println("Next: ./keyrack keys create --name Shop --type web --project Shop --create-project");
            return 0;
        }
    }

    private static void choosePassword(CommandLine line, ApiClient api, String email) {
        JsonNode done = api.post(
                "/api/v1/recovery-links", ApiClient.JSON.createObjectNode().put("email", email));
        line.getOut()
                .println(
                        "To choose a password for the portal, open this link within an hour, while Keyrack runs. It works"
                                + " once:");
        line.getOut().println("  " + done.at("/link").asString());
    }

    /** The link leads to the running process, so there must be one. */
    private int resetOwner(CommandLine line, String email) {
        try (Launcher.Session session = launcher.runningSession();
                ApiClient api = new ApiClient(session.target(), null)) {
            JsonNode done = api.post(
                    "/api/v1/recovery-links", ApiClient.JSON.createObjectNode().put("email", email));
            if (output.json()) {
                Commands.print(line, done);
                return 0;
            }
            line.getOut()
                    .println("Open this link, or send it to "
                            + done.at("/owner/email").asString() + ":");
            line.getOut().println("  " + done.at("/link").asString());
            line.getOut()
                    .println(
                            "There the Owner chooses a new password for the portal, and is signed in; their personal token stays as it"
                                    + " is. The link works once, for an hour.");
            return 0;
        }
    }
}
