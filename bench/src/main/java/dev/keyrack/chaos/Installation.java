package dev.keyrack.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * PostgreSQL, processes that serve and processes that verify, each with a link of its own to the database. Nothing of it
 * is left when it was closed, or when the harness was ended.
 */
final class Installation implements AutoCloseable {
    private final Path folder;
    private final Postgres postgres;
    private final Setup setup;
    private final List<Node> nodes = new ArrayList<>();
    private final Thread reaper = Thread.ofPlatform().unstarted(this::reap);
    private Api api = new Api("");
    private String project = "";

    private Installation(Path folder, Setup setup) throws IOException, InterruptedException {
        this.folder = folder;
        this.setup = setup;
        this.postgres = setup.earnest() ? Postgres.startRoomy(folder) : Postgres.start(folder);
        Runtime.getRuntime().addShutdownHook(reaper);
    }

    static Installation start(Path folder, Setup setup, int serves, int gates)
            throws IOException, InterruptedException {
        if (!Files.exists(setup.jar())) {
            throw new IOException(setup.jar() + " does not exist; build it first: ./keyrack build");
        }
        Installation installation = new Installation(folder, setup);
        try {
            for (int i = 1; i <= serves; i++) {
                installation.add("serve-" + i, Node.Kind.SERVE);
            }
            for (int i = 1; i <= gates; i++) {
                installation.add("gate-" + i, Node.Kind.GATE);
            }
            installation.setUp();
            return installation;
        } catch (IOException | InterruptedException | RuntimeException e) {
            installation.close();
            throw e;
        }
    }

    private void add(String name, Node.Kind kind) throws IOException {
        nodes.add(new Node(name, kind, folder, folder.resolve("keyset.json"), postgres, "keyrack", setup));
    }

    private void setUp() throws IOException, InterruptedException {
        Node first = serves().getFirst();
        first.start(); // alone: it makes the keyset and the schema
        for (Node node : nodes) {
            if (node != first) {
                node.launch();
            }
        }
        Path control = first.data().resolve("control.json");
        Stage.until("the first node has said how it is commanded", () -> Files.exists(control));
        String operator = JsonMapper.shared()
                .readTree(Files.readString(control))
                .get("operator")
                .stringValue();
        try (Api setUp = new Api(operator)) {
            Answered made = setUp.post(
                    first,
                    "/api/v1/setup",
                    Map.of("name", "Chaos", "subdomain", "chaos", "ownerEmail", "owner@example.com"),
                    Map.of());
            require(made, 201);
            api = new Api(made.text("/token"));
        }
        Answered made = api.post(first, "/api/v1/projects", Map.of("name", "Chaos"), Map.of());
        require(made, 201);
        project = made.text("/project/id");
        for (Node node : nodes) {
            node.awaitReady();
        }
    }

    private static void require(Answered answer, int status) throws IOException {
        if (answer.status() != status) {
            throw new IOException("the installation cannot be set up: " + answer.status() + " " + answer.json());
        }
    }

    /** Where its logs are. */
    Path folder() {
        return folder;
    }

    Postgres postgres() {
        return postgres;
    }

    Setup setup() {
        return setup;
    }

    /** As the owner of its one organization. */
    Api api() {
        return api;
    }

    String project() {
        return project;
    }

    List<Node> nodes() {
        return List.copyOf(nodes);
    }

    Node node(String name) {
        return nodes.stream().filter(n -> n.name().equals(name)).findAny().orElseThrow();
    }

    List<Node> serves() {
        return nodes.stream().filter(n -> n.kind() == Node.Kind.SERVE).toList();
    }

    List<Node> gates() {
        return nodes.stream().filter(n -> n.kind() == Node.Kind.GATE).toList();
    }

    private void reap() {
        try {
            end();
        } catch (IOException | InterruptedException e) {
            // The harness itself is being ended: what could be ended is.
        }
    }

    private void end() throws IOException, InterruptedException {
        for (Node node : nodes) {
            node.end();
        }
        api.close();
        postgres.end();
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(reaper);
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
