package dev.keyrack.server.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Makes the first organization and its owner on an empty store. */
@Command(
        name = "setup",
        description = "Sets up an empty store: the organization that runs it, and its owner.",
        mixinStandardHelpOptions = true)
final class SetupCommand implements Callable<Integer> {
    private final Launcher launcher;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final Commands.Output output = new Commands.Output();

    @Option(names = "--organization", required = true, paramLabel = "NAME", description = "The organization's name.")
    private String organization = "";

    @Option(
            names = "--subdomain",
            paramLabel = "LABEL",
            description = "Its subdomain, a-z, 0-9 and - (default: made from the name).")
    private @Nullable String subdomain;

    @Option(names = "--email", required = true, paramLabel = "EMAIL", description = "The owner's e-mail address.")
    private String email = "";

    SetupCommand(Launcher launcher) {
        this.launcher = launcher;
    }

    @Override
    public Integer call() throws Exception {
        CommandLine line = java.util.Objects.requireNonNull(spec).commandLine();
        try (Launcher.Session session = launcher.sessionForSetup();
                ApiClient api = new ApiClient(session.target(), null)) {
            session.notices().forEach(line.getErr()::println);
            JsonNode done = api.post(
                    "/api/v1/setup",
                    ApiClient.JSON
                            .createObjectNode()
                            .put("name", organization)
                            .put("subdomain", subdomain == null ? subdomainOf(organization) : subdomain)
                            .put("ownerEmail", email));
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
            line.getOut().println("Next: ./keyrack keys create --name Shop --type web --project Shop --create-project");
            return 0;
        }
    }

    private static String subdomainOf(String name) {
        String label =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        return label.length() > 63 ? label.substring(0, 63).replaceAll("-+$", "") : label;
    }
}
