package dev.keyrack.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The end of a run, when everything was mended: what is left is written into the history, and all is judged. */
final class Ending {
    private final Installation installation;
    private final History history;
    private final KeyRing ring;

    Ending(Installation installation, History history, KeyRing ring) {
        this.installation = installation;
        this.history = history;
        this.ring = ring;
    }

    /** @param settling how long a node may take to be well again after a fault, in nanoseconds */
    List<Violation> violations(long settling) throws IOException, InterruptedException {
        for (Node serve : installation.serves()) {
            find(serve);
        }
        askAboutEverything();
        RecordsSql.Records records = RecordsSql.read(installation.postgres());
        List<Violation> violations = new ArrayList<>(records.violations());
        chain().ifPresent(violations::add);
        Set<String> serves = installation.serves().stream().map(Node::name).collect(Collectors.toSet());
        violations.addAll(new Checker(serves, records.audited(), settling).violations(history.events()));
        return violations;
    }

    private void find(Node serve) throws IOException, InterruptedException {
        long invoked = history.now();
        List<JsonNode> keys = installation.api().all(serve, "/api/v1/keys");
        long returned = history.now();
        for (JsonNode key : keys) {
            history.add(new Event.Found(
                    serve.name(),
                    key.at("/name").asString(),
                    key.at("/state").asString(),
                    key.at("/generation").asInt(),
                    invoked,
                    returned));
        }
    }

    private void askAboutEverything() throws InterruptedException {
        List<Thread> askers = new ArrayList<>();
        for (Node node : installation.nodes()) {
            Iterator<Token> tokens = ring.all().iterator();
            askers.add(Thread.ofVirtual()
                    .start(new Asker(node, () -> tokens.hasNext() ? tokens.next() : null, history, 0)));
        }
        for (Thread asker : askers) {
            asker.join();
        }
    }

    /** What {@code keyrack audit verify} says, if it finds fault. */
    private Optional<Violation> chain() throws IOException, InterruptedException {
        Node serve = installation.serves().getFirst();
        List<String> command = new ArrayList<>(installation.setup().command("audit"));
        command.add("verify");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("KEYRACK_"));
        builder.environment().putAll(serve.environment());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0
                ? Optional.empty()
                : Optional.of(
                        new Violation(Promise.RECORDED, "", "keyrack audit verify says: " + said.strip(), List.of()));
    }
}
