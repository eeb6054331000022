package dev.keyrack.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** A process that serves both planes. */
final class KeyrackProcess extends GateProcess {
    private static final Pattern CONTROL = Pattern.compile("Control plane +http://[^ ]*:([0-9]+) ");

    private final Path data;

    KeyrackProcess(Process process, Path data, Path out, Path err) {
        super(process, out, err);
        this.data = data;
    }

    @Override
    void awaitReady() throws Exception {
        awaitSaid(CONTROL);
        super.awaitReady();
        awaitReady(control());
    }

    int controlPort() throws IOException {
        return port(CONTROL);
    }

    /** The control plane, without a credential. */
    Api control() throws IOException {
        return new Api("http://127.0.0.1:" + controlPort(), null);
    }

    /** The control plane, as whoever holds the data folder. */
    Api operator() throws IOException {
        return control()
                .as(JsonMapper.shared()
                        .readTree(Files.readString(insight(data.resolve("control.json"))))
                        .get("operator")
                        .stringValue());
    }

    /** A path as the process itself sees it, through its own mounts. */
    Path insight(Path path) {
        return Path.of("/proc/" + pid() + "/root" + path.toAbsolutePath());
    }
}
