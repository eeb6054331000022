package dev.keyrack.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server in a process of its own, which runs only while it is measured: between its turns it is stopped where it
 * stands, so that it takes nothing from the core that it shares with the others.
 */
final class ServerProcess implements AutoCloseable {
    private static final int SECONDS_TO_END = 5;
    private static final String LISTENING = "listening ";

    private final String name;
    private final Process process;
    private final InetSocketAddress address;
    private final Thread reaper;

    private ServerProcess(String name, Process process, int port) {
        this.name = name;
        this.process = process;
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.reaper = Thread.ofPlatform().unstarted(this::kill);
        Runtime.getRuntime().addShutdownHook(reaper);
    }

    /** Starts a task of this program that prints where it listens. */
    static ServerProcess start(String name, Core core, List<String> options, List<String> task) throws IOException {
        Process process = new ProcessBuilder(core.pinned(Java.command(options, task)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null || !line.startsWith(LISTENING)) {
            process.destroyForcibly();
            throw new IOException("the " + name + " did not start; it said: " + (line == null ? "nothing" : line));
        }
        return new ServerProcess(name, process, Integer.parseInt(line.substring(LISTENING.length())));
    }

    /** Called in the server's process: says where it listens, and returns when the process that started it has gone. */
    static void listening(PrintWriter out, int port) throws IOException {
        out.println(LISTENING + port);
        out.flush();
        while (System.in.read() >= 0) {
            // Nothing is ever sent: the end of the pipe is the message.
        }
    }

    /** Starts nginx on a port that its configuration names, and waits until it accepts. */
    static ServerProcess startNginx(Path program, Core core, Path folder, int port)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(core.pinned(List.of(
                        program.toString(),
                        "-p",
                        folder.toString(),
                        "-c",
                        folder.resolve("nginx.conf").toString())))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.out").toFile())
                .start();
        ServerProcess server = new ServerProcess("nginx", process, port);
        long giveUp = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!server.accepts()) {
            if (!process.isAlive() || System.nanoTime() - giveUp > 0) {
                server.close();
                throw new IOException("nginx did not start: " + Files.readString(folder.resolve("nginx.out")));
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
        return server;
    }

    String name() {
        return name;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Processor time that the server used since it was started. */
    Duration processorTime() {
        return family().map(member -> member.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    void suspend() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    /** Lets the server end by itself, so that its own children are not left to nobody, and ends it if it does not. */
    @Override
    public void close() throws IOException {
        try {
            if (process.isAlive()) {
                resume();
            }
            process.destroy();
            process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            kill();
            Runtime.getRuntime().removeShutdownHook(reaper);
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void signal(String signal) throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new IOException("the " + name + " has ended by itself, with " + process.exitValue());
        }
        List<String> pids = family().map(member -> String.valueOf(member.pid())).toList();
        Command.run(Stream.concat(Stream.of("kill", signal), pids.stream()).toArray(String[]::new));
    }

    /** Works on a stopped process too: SIGKILL needs no cooperation. */
    private void kill() {
        family().toList().forEach(ProcessHandle::destroyForcibly);
    }

    private Stream<ProcessHandle> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.toHandle().descendants());
    }
}
