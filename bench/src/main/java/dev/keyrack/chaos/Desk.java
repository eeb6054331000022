package dev.keyrack.chaos;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Where changes are asked for: each is sent once, and written into the history with what became of it. */
final class Desk {
    private final Api api;
    private final String project;
    private final History history;
    private final KeyRing ring;
    private final AtomicLong requests = new AtomicLong();

    Desk(Installation installation, History history, KeyRing ring) {
        this.api = installation.api();
        this.project = installation.project();
        this.history = history;
        this.ring = ring;
    }

    /** What a change came to; the token of a creation or regeneration is on the ring already. */
    record Done(Outcome outcome, String id) {}

    /** Asks for a new key. Its type is drawn from the name, so that both classes of leases are used. */
    Done create(String client, Node serve, String name, boolean steady) throws InterruptedException {
        String type = Math.floorMod(name.hashCode(), 2) == 0 ? "server" : "web";
        String request = request(client);
        long invoked = history.now();
        Answered answer = api.post(
                serve,
                "/api/v1/keys",
                Map.of("name", name, "type", type, "projectId", project),
                headers(request, "create " + name));
        return note(client, serve, Deed.CREATE, name, 0, invoked, answer, request, steady);
    }

    Done change(String client, Node serve, Deed deed, TrackedKey key) throws InterruptedException {
        return change(client, serve, deed, key, 0);
    }

    /** @param overlapSeconds for which a regeneration lets the token before it work */
    Done regenerate(String client, Node serve, TrackedKey key, int overlapSeconds) throws InterruptedException {
        return change(client, serve, Deed.REGENERATE, key, overlapSeconds);
    }

    private Done change(String client, Node serve, Deed deed, TrackedKey key, int overlapSeconds)
            throws InterruptedException {
        String request = request(client);
        String path = "/api/v1/keys/" + key.id;
        ring.touched(key.name);
        long invoked = history.now();
        Answered answer = deed == Deed.REVOKE
                ? api.send(serve, "DELETE", path, null, headers(request, ""))
                : api.post(
                        serve,
                        path + "/" + deed.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        overlapSeconds == 0 ? Map.of() : Map.of("overlapSeconds", overlapSeconds),
                        headers(request, ""));
        return note(client, serve, deed, key.name, overlapSeconds, invoked, answer, request, false);
    }

    /** A repeated creation carries the same key, so that it makes no second one. */
    private static Map<String, String> headers(String request, String idempotency) {
        Map<String, String> headers = new HashMap<>(Map.of("X-Request-Id", request));
        if (!idempotency.isEmpty()) {
            headers.put("Idempotency-Key", idempotency);
        }
        return headers;
    }

    private String request(String client) {
        return client + "." + requests.incrementAndGet();
    }

    private Done note(
            String client,
            Node serve,
            Deed deed,
            String key,
            int overlapSeconds,
            long invoked,
            Answered answer,
            String request,
            boolean steady) {
        long returned = history.now();
        Outcome outcome = answer.outcome();
        boolean issued = outcome == Outcome.OK && (deed == Deed.CREATE || deed == Deed.REGENERATE);
        int generation = issued ? answer.json().at("/key/generation").asInt() : 0;
        history.add(new Event.Changed(
                client,
                serve.name(),
                deed,
                key,
                generation,
                overlapSeconds,
                invoked,
                returned,
                outcome,
                answer.status(),
                request));
        if (issued) {
            Token token = new Token(key, generation, answer.text("/token"));
            if (steady) {
                ring.addSteady(token);
            } else {
                ring.add(token);
            }
        }
        ring.touched(key);
        return new Done(outcome, answer.text("/key/id"));
    }
}
