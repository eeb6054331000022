package dev.keyrack.server.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Tells whether the audit trail is as it was written, and prints what to keep elsewhere for that. */
@Command(
        name = "audit",
        description = "Verifies the audit trail, and exports how far it reaches.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                java.util.Objects.requireNonNull(spec).commandLine(), "Which of these? verify or export");
    }

    @Command(
            name = "verify",
            description =
                    "Tells whether any event was changed, removed, moved or cut off; exit status 0 if none, 1 if so.",
            mixinStandardHelpOptions = true)
    static final class Verify implements Callable<Integer> {
        private final Launcher launcher;

        @Spec
        private @Nullable CommandSpec spec;

        @Mixin
        private final Commands.Output output = new Commands.Output();

        @Option(
                names = "--anchors",
                paramLabel = "FILE",
                description = "Anchors that were exported and kept elsewhere, beside those in the data folder.")
        private @Nullable Path anchors;

        Verify(Launcher launcher) {
            this.launcher = launcher;
        }

        @Override
        public Integer call() throws Exception {
            CommandLine line = java.util.Objects.requireNonNull(spec).commandLine();
            HttpRequest.BodyPublisher lines = lines(anchors);
            try (Launcher.Session session = launcher.session();
                    ApiClient api = new ApiClient(session.target(), null)) {
                JsonNode report = api.postLines("/api/v1/audit/verify", lines);
                if (output.json()) {
                    Commands.print(line, report);
                } else {
                    tell(line, report);
                }
                return report.path("whole").asBoolean() ? 0 : 1;
            }
        }

        /** As much of the file as there is now: a line that is added later may tell of what the store did not have yet. */
        private static HttpRequest.BodyPublisher lines(@Nullable Path file) {
            if (file == null) {
                return HttpRequest.BodyPublishers.noBody();
            }
            try {
                long size = Files.size(file);
                Files.newInputStream(file).close();
                return HttpRequest.BodyPublishers.ofInputStream(() -> beginning(file, size));
            } catch (IOException e) {
                throw new CommandLineProblem(2, "The anchors in " + file + " cannot be read. Is this the right file?");
            }
        }

        private static InputStream beginning(Path file, long size) {
            try {
                return new Beginning(Files.newInputStream(file), size);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static final class Beginning extends FilterInputStream {
            private long left;

            Beginning(InputStream in, long bytes) {
                super(in);
                this.left = bytes;
            }

            @Override
            public int read() throws IOException {
                return left-- > 0 ? super.read() : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int read = left > 0 ? super.read(into, offset, (int) Math.min(length, left)) : -1;
                left -= Math.max(read, 0);
                return read;
            }
        }

        private static String counted(JsonNode report, String thing) {
            long count = report.path(thing + "s").asLong();
            return count + " " + thing + (count == 1 ? "" : "s");
        }

        private static void tell(CommandLine line, JsonNode report) {
            String read = counted(report, "event") + " of " + counted(report, "organization") + ", "
                    + counted(report, "anchor") + ".";
            if (report.path("whole").asBoolean()) {
                line.getOut().println("The audit trail is whole: " + read);
            } else {
                line.getOut().println("The audit trail is NOT as it was written. Read: " + read);
                for (JsonNode finding : report.path("findings")) {
                    line.getOut().println("  " + sentence(finding));
                }
                if (report.path("more").asLong() > 0) {
                    line.getOut().println("  and " + report.path("more").asLong() + " more.");
                }
            }
            if (report.path("anchors").asLong() == 0) {
                line.getOut().println("There are no anchors: events cut off at the end would not be missed.");
            }
        }

        private static String sentence(JsonNode finding) {
            if (finding.path("number").isNull()) {
                return finding.path("detail").asString();
            }
            String at = finding.path("at").asString("");
            return "Organization " + finding.path("organizationId").asString() + ": event "
                    + finding.path("number").asLong() + (at.isEmpty() ? " " : " (" + at + ") ")
                    + finding.path("detail").asString() + ".";
        }
    }

    @Command(
            name = "export",
            description = "Prints how far the trail of each organization reaches, signed, one on a line.",
            mixinStandardHelpOptions = true)
    static final class Export implements Callable<Integer> {
        private final Launcher launcher;

        @Spec
        private @Nullable CommandSpec spec;

        Export(Launcher launcher) {
            this.launcher = launcher;
        }

        @Override
        public Integer call() throws Exception {
            CommandLine line = java.util.Objects.requireNonNull(spec).commandLine();
            try (Launcher.Session session = launcher.session();
                    ApiClient api = new ApiClient(session.target(), null)) {
                String cursor = "";
                while (cursor != null) {
                    JsonNode page = api.get("/api/v1/audit/anchors?limit=200" + cursor);
                    page.path("items").forEach(anchor -> Commands.print(line, anchor));
                    cursor = page.path("next").isNull()
                            ? null
                            : "&cursor=" + ApiClient.encoded(page.path("next").asString());
                }
                return 0;
            }
        }
    }
}
