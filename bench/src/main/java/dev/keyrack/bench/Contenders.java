package dev.keyrack.bench;

import dev.keyrack.verifier.Question;
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
    private final List<Question> questions;
    private final boolean restricted;
    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();

    private Contenders(Core core, Path folder, List<Question> questions, boolean restricted) {
        this.core = core;
        this.folder = folder;
        this.questions = questions;
        this.restricted = restricted;
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

    /** @param restricted whether each key has a policy, and each question tells what it is judged by */
    static Contenders start(Core core, int keys, boolean restricted) throws IOException, InterruptedException {
        int count = Math.min(TOKENS, keys);
        List<Question> questions = new ArrayList<>(
                restricted
                        ? Population.restricted(VerifyBench.SEED, keys).questions(count)
                        : new Population(VerifyBench.SEED, keys)
                                .tokens(count).stream().map(Question::of).toList());
        Collections.shuffle(questions, new Random(VerifyBench.SEED));
        Contenders contenders =
                new Contenders(core, Files.createTempDirectory("keyrack-bench-"), questions, restricted);
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
                List.of("-Xmx" + (512 + keys / 1_000) + "m"),
                restricted
                        ? List.of(GateProcess.NAME, "--keys", String.valueOf(keys), "--restricted")
                        : List.of(GateProcess.NAME, "--keys", String.valueOf(keys))));
        Good good = new Good(checked(gate, Endpoint.VERIFY, questions), checked(gate, Endpoint.AUTHORIZE, questions));
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
            same(good.at(endpoint), checked(noOp, endpoint, questions));
        }
        addTurns(Comparison.NO_OP, noOp, good);
    }

    private void startNginx(Good good) throws IOException, InterruptedException {
        Optional<Path> program = Core.program("nginx");
        if (program.isEmpty()) {
            return;
        }
        List<Question> known = questions.subList(0, Math.min(NGINX_TOKENS, questions.size()));
        int port = freePort();
        NginxMap.write(
                folder,
                port,
                known.stream().map(Question::token).toList(),
                good.authorize().fields());
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
            addTurn(contender, server, endpoint, questions, good);
        }
        server.suspend();
    }

    private void addTurn(String contender, ServerProcess server, Endpoint endpoint, List<Question> asked, Good good) {
        List<byte[]> requests = asked.stream()
                .map(question -> endpoint.request(server.address(), question))
                .toList();
        turns.add(new Turn(contender, server, endpoint, requests, good.at(endpoint)));
    }

    /**
     * Asks every question once, and returns the first answer.
     *
     * @throws IOException if any of them is not answered as a good token
     */
    private static Answer checked(ServerProcess server, Endpoint endpoint, List<Question> questions)
            throws IOException {
        try (Answer.Asker asker = new Answer.Asker(server.address())) {
            Answer first = good(server, endpoint, asker, questions.getFirst());
            for (Question question : questions.subList(1, questions.size())) {
                good(server, endpoint, asker, question);
            }
            return first;
        }
    }

    private static Answer good(ServerProcess server, Endpoint endpoint, Answer.Asker asker, Question question)
            throws IOException {
        Answer answer = asker.ask(endpoint.request(server.address(), question));
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
