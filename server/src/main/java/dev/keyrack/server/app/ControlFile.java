package dev.keyrack.server.app;

import dev.keyrack.server.store.CannotStart;
import dev.keyrack.verifier.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells commands on this machine where the running process is, and gives them its operator secret. Whoever can read it
 * could read the database and the keyset beside it just as well: it has their rights (0600), and goes with the process.
 */
public final class ControlFile implements AutoCloseable {
    private final Path file;

    private ControlFile(Path file) {
        this.file = file;
    }

    /** @param url of the management API; {@code gateUrl} of the data plane */
    public record Running(String url, String gateUrl, Secret operator) {}

    static ControlFile write(Path data, Secret operator, String url, String gateUrl) {
        Path file = data.resolve("control.json");
        Path draft = data.resolve("control.json.new");
        String json = JsonMapper.shared()
                .createObjectNode()
                .put("url", url)
                .put("gateUrl", gateUrl)
                .put("operator", operator.reveal())
                .toString();
        try {
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(draft, json);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
        return new ControlFile(file);
    }

    /** The process that runs on this folder, if one wrote its file. Whether it still runs is not known. */
    public static Optional<Running> read(Path data) {
        try {
            JsonNode json = JsonMapper.shared().readTree(Files.readString(data.resolve("control.json")));
            return Optional.of(new Running(
                    json.get("url").stringValue(),
                    json.get("gateUrl").stringValue(),
                    Secret.of(json.get("operator").stringValue())));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the control file could not be read", e);
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** Drops what a killed process left: its ports may be somebody else's by now. */
    static void forget(Path data) {
        Path file = data.resolve("control.json");
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static CannotStart cannotWrite(Path file, IOException e) {
        return new CannotStart(
                "The file " + file.toAbsolutePath().normalize() + " cannot be written: "
                        + e.getClass().getSimpleName() + " " + e.getMessage()
                        + ". Check that the data folder can be written and that the disk is not full.",
                e);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
