package dev.keyrack.server.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** All commands, under {@code keyrack}. */
@Command(
        name = "keyrack",
        description = "Issues API keys, verifies them in microseconds, and turns them off for sure.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Commands implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private Commands() {}

    public static CommandLine of(Launcher launcher) {
        CommandLine commands = new CommandLine(new Commands())
                .addSubcommand(new ServeCommand(launcher))
                .addSubcommand(new GateCommand(launcher))
                .addSubcommand(new SetupCommand(launcher))
                .addSubcommand(new CommandLine(new KeysCommand())
                        .addSubcommand(new KeysCommand.Create(launcher))
                        .addSubcommand(new KeysCommand.ListAll(launcher))
                        .addSubcommand(new KeyTryCommand(launcher))
                        .addSubcommand(new RotationCommands.Regenerate(launcher))
                        .addSubcommand(new RotationCommands.EndOverlap(launcher))
                        .addSubcommand(new KeysCommand.Revoke(launcher)))
                .addSubcommand(new CommandLine(new PermissionsCommand())
                        .addSubcommand(new PermissionsCommand.ListAll(launcher))
                        .addSubcommand(new PermissionsCommand.Replace(launcher)))
                .addSubcommand(new VerifyCommand(launcher))
                .addSubcommand(new CommandLine(new AuditCommand())
                        .addSubcommand(new AuditCommand.Verify(launcher))
                        .addSubcommand(new AuditCommand.Export(launcher)))
                .addSubcommand(new CheckConfigCommand(launcher))
                .addSubcommand(new DemoCommand(launcher));
        IVersionProvider version = () -> new String[] {"Keyrack " + launcher.version()};
        commands.getCommandSpec().versionProvider(version);
        commands.setUsageHelpAutoWidth(true);
        return commands;
    }

    @Override
    public void run() {
        CommandSpec own = java.util.Objects.requireNonNull(spec);
        throw new ParameterException(own.commandLine(), "Which command? One of these:");
    }

    /** Options that every command with a result has. */
    static final class Output {
        enum Form {
            text,
            json
        }

        @Option(
                names = "--output",
                paramLabel = "text|json",
                description = "How to print the result (default: ${DEFAULT-VALUE}).",
                defaultValue = "text")
        Form form = Form.text;

        boolean json() {
            return form == Form.json;
        }
    }

    /** Prints one JSON object, for scripts. */
    static void print(CommandLine line, Object json) {
        line.getOut().println(ApiClient.JSON.writeValueAsString(json));
    }

    /** Prints names and values in two columns. */
    static void print(CommandLine line, Map<String, String> values) {
        int width = values.keySet().stream().mapToInt(String::length).max().orElse(0);
        values.forEach((name, value) ->
                line.getOut().println("  " + name + " ".repeat(width + 2 - name.length()) + value));
    }
}
