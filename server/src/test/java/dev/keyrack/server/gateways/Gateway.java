package dev.keyrack.server.gateways;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real gateway that runs a sample as a child process, in a folder of its own that goes with it. */
final class Gateway implements AutoCloseable {
    private static final Duration TO_START = Duration.ofSeconds(20);
    private static final int ATTEMPTS = 5;

    private final Path folder;
    private final Path config;
    private final Process process;
    private final int port;

    private Gateway(Path folder, Path config, Process process, int port) {
        this.folder = folder;
        this.config = config;
        this.process = process;
        this.port = port;
    }

    /** Another program may take the free port before the gateway does; then there is another one. */
    static Gateway start(Sample sample, int gate, int backEnd) {
        String output = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = freePort();
            Gateway gateway = launch(sample, port, sample.text(port, gate, backEnd));
            if (gateway.listens()) {
                return gateway;
            }
            output = gateway.logs();
            gateway.close();
        }
        throw new AssertionError("The gateway did not start on its sample:\n" + output);
    }

    private static Gateway launch(Sample sample, int port, String text) {
        try {
            Path folder = folder();
            Path config = Files.writeString(folder.resolve(sample.file().getFileName()), text);
            ProcessBuilder builder = new ProcessBuilder(sample.run(folder, config))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output.log").toFile());
            builder.environment().putAll(sample.environment(folder));
            return new Gateway(folder, config, builder.start(), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Started by root, nginx gives up its rights: the folder is for everybody. */
    static Path folder() throws IOException {
        Path folder = Files.createTempDirectory("keyrack-gateway");
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> {
                if (!file.delete() && file.exists()) {
                    throw new IllegalStateException("cannot delete " + file);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean listens() {
        long deadline = System.nanoTime() + TO_START.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
                return process.isAlive();
            } catch (IOException e) {
                if (ended(20)) {
                    return false;
                }
            }
        }
        return false;
    }

    private boolean ended(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return port;
    }

    URI at(String target) {
        return URI.create("http://127.0.0.1:" + port + target);
    }

    /** All that the gateway has written down, on its outputs and in its files. */
    String logs() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.equals(config))
                    .map(Gateway::text)
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> workers = process.descendants().toList();
        process.destroy();
        if (!ended(10_000)) {
            process.destroyForcibly();
            workers.forEach(ProcessHandle::destroyForcibly);
            ended(10_000);
        }
        delete(folder);
    }
}
