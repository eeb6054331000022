package dev.keyrack.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The servers that are compared, each in a process of its own and checked before it is measured: the gate, the no-op
 * server that gives the gate's answers, and nginx where it is installed. All are stopped until it is their turn.
 */
final class Contenders implements AutoCloseable {
    private static final int TOKENS = 4_096;
    private static final int NGINX_TOKENS = 1_000;

    private final Core core;
    private final Path folder;
    private final List<String> tokens;
    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();

    private Contenders(Core core, Path folder, List<String> tokens) {
        this.core = core;
        this.folder = folder;
        this.tokens = tokens;
    }

    /** The gate's answers to a good token. */
    private record Good(Answer verify, Answer authorize) {
        Answer at(Endpoint endpoint) {
            return switch (endpoint) {
                case VERIFY -> verify;
                case AUTHORIZE -> authorize;
            };
        }
    }

    static Contenders start(Core core, int keys) throws IOException, InterruptedException {
        List<String> tokens = new ArrayList<>(new Population(VerifyBench.SEED, keys).tokens(Math.min(TOKENS, keys)));
        Collections.shuffle(tokens, new Random(VerifyBench.SEED));
        Contenders contenders = new Contenders(core, Files.createTempDirectory("keyrack-bench-"), tokens);
        try {
            Good good = contenders.startGate(keys);
            contenders.startNoOp(good);
            contenders.startNginx(good);
            return contenders;
        } catch (IOException | InterruptedException | RuntimeException e) {
            try (contenders) {
                throw e;
            }
        }
    }

    List<Turn> turns() {
        return turns;
    }

    private Good startGate(int keys) throws IOException, InterruptedException {
        ServerProcess gate = started(ServerProcess.start(
                "gate",
                core,
                List.of("-Xmx" + (512 + keys / 2_000) + "m"),
                List.of(GateProcess.NAME, "--keys", String.valueOf(keys))));
        Good good = new Good(checked(gate, Endpoint.VERIFY, tokens), checked(gate, Endpoint.AUTHORIZE, tokens));
        addTurns(Comparison.KEYRACK, gate, good);
        return good;
    }

    private void startNoOp(Good good) throws IOException, InterruptedException {
        for (Endpoint endpoint : Endpoint.values()) {
            good.at(endpoint).write(folder.resolve(endpoint.text()));
        }
        ServerProcess noOp = started(ServerProcess.start(
                "no-op server", core, List.of("-Xmx512m"), List.of(NoOpServer.NAME, "--answers", folder.toString())));
        for (Endpoint endpoint : Endpoint.values()) {
            same(good.at(endpoint), checked(noOp, endpoint, tokens));
        }
        addTurns(Comparison.NO_OP, noOp, good);
    }

    private void startNginx(Good good) throws IOException, InterruptedException {
        Optional<Path> program = Core.program("nginx");
        if (program.isEmpty()) {
            return;
        }
        List<String> known = tokens.subList(0, Math.min(NGINX_TOKENS, tokens.size()));
        int port = freePort();
        NginxMap.write(folder, port, known, good.authorize().fields());
        ServerProcess nginx = started(ServerProcess.startNginx(program.get(), core, folder, port));
        checked(nginx, Endpoint.AUTHORIZE, known);
        addTurn(Comparison.NGINX, nginx, Endpoint.AUTHORIZE, known, good);
        nginx.suspend();
    }

    private ServerProcess started(ServerProcess server) {
        servers.add(server);
        return server;
    }

    private void addTurns(String contender, ServerProcess server, Good good) throws IOException, InterruptedException {
        for (Endpoint endpoint : Endpoint.values()) {
            addTurn(contender, server, endpoint, tokens, good);
        }
        server.suspend();
    }

    private void addTurn(String contender, ServerProcess server, Endpoint endpoint, List<String> asked, Good good) {
        List<byte[]> requests = asked.stream()
                .map(token -> endpoint.request(server.address(), token))
                .toList();
        turns.add(new Turn(contender, server, endpoint, requests, good.at(endpoint)));
    }

    /**
     * Asks for every token once, and returns the first answer.
     *
     * @throws IOException if any of them is not answered as a good token
     */
    private static Answer checked(ServerProcess server, Endpoint endpoint, List<String> tokens) throws IOException {
        try (Answer.Asker asker = new Answer.Asker(server.address())) {
            Answer first = good(server, endpoint, asker, tokens.getFirst());
            for (String token : tokens.subList(1, tokens.size())) {
                good(server, endpoint, asker, token);
            }
            return first;
        }
    }

    private static Answer good(ServerProcess server, Endpoint endpoint, Answer.Asker asker, String token)
            throws IOException {
        Answer answer = asker.ask(endpoint.request(server.address(), token));
        boolean valid = endpoint != Endpoint.VERIFY || answer.content().contains("\"VALID\"");
        if (answer.status() != endpoint.status() || !valid) {
            throw new IOException(
                    "%s did not find a token good:%n%s%n%s".formatted(server.name(), answer.head(), answer.content()));
        }
        return answer;
    }

    /** The no-op server is a yardstick only while it writes as many bytes as the gate. */
    private static void same(Answer gate, Answer noOp) throws IOException {
        boolean same = gate.status() == noOp.status()
                && gate.content().equals(noOp.content())
                && gate.head().length() == noOp.head().length();
        if (!same) {
            throw new IOException(
                    "the no-op server does not answer as the gate does:%n%s%n%s".formatted(gate.head(), noOp.head()));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        for (ServerProcess server : servers) {
            server.close();
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
