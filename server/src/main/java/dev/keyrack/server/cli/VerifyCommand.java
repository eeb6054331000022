package dev.keyrack.server.cli;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells whether a token is good, and why not. */
@Command(
        name = "verify",
        description = "Tells whether a token is good; exit status 0 if it is, 1 if not.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    private final Launcher launcher;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final Commands.Output output = new Commands.Output();

    @Option(names = "--permission", paramLabel = "PERMISSION", description = "What it is to be used for.")
    private @Nullable String permission;

    @Parameters(
            paramLabel = "TOKEN",
            description = "The token, or - to read it from standard input and keep it out of the shell's history.")
    private String token = "";

    VerifyCommand(Launcher launcher) {
        this.launcher = launcher;
    }

    @Override
    public Integer call() throws Exception {
        CommandLine line = java.util.Objects.requireNonNull(spec).commandLine();
        ObjectNode question = ApiClient.JSON.createObjectNode().put("token", token.equals("-") ? read() : token);
        if (permission != null) {
            question.put("permission", permission);
        }
        try (Launcher.Session session = launcher.session();
                ApiClient api = new ApiClient(session.target(), null)) {
            JsonNode verdict = api.verify(question);
            boolean valid = verdict.path("valid").asBoolean();
            if (output.json()) {
                Commands.print(line, verdict);
            } else if (verdict.has("keyId")) {
                line.getOut()
                        .println(verdict.path("code").asString() + "  key "
                                + verdict.path("keyId").asString() + ", type "
                                + verdict.path("type").asString());
            } else {
                line.getOut().println(verdict.path("code").asString());
            }
            return valid ? 0 : 1;
        }
    }

    private static String read() throws java.io.IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String text = in.readLine();
        return text == null ? "" : text.strip();
    }
}
