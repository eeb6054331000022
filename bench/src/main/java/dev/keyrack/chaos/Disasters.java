package dev.keyrack.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Every disaster that the harness knows, drawn at random. */
final class Disasters {
    private final Installation installation;
    private final SplittableRandom random;
    private final long lease;

    Disasters(Installation installation, SplittableRandom random) {
        this.installation = installation;
        this.random = random;
        this.lease = installation.setup().lease().toMillis();
    }

    Disaster next() {
        List<Node> nodes = installation.nodes();
        Node node = nodes.get(random.nextInt(nodes.size()));
        return switch (random.nextInt(26)) {
            case 0, 1 -> kill(node);
            case 2, 3 -> freeze(node, "frozen for less than a lease", millis(lease / 5, lease * 4 / 5));
            case 4, 5, 6 -> freeze(node, "frozen for more than a lease", millis(lease * 11 / 10, lease * 5 / 2));
            case 7, 8 -> cut(node, "database cut off", Set.of(Way.values()));
            case 9 -> cut(node, "cannot reach the database, but hears it", Set.of(Way.THERE));
            case 10, 11 -> cut(node, "reaches the database, but hears nothing", Set.of(Way.BACK));
            case 12 -> slow(node, "slow both ways", Set.of(Way.values()));
            case 13 -> slow(node, "slow to the database", Set.of(Way.THERE));
            case 14 -> slow(node, "slow from the database", Set.of(Way.BACK));
            case 15 -> reset(node);
            case 16 -> rejoin();
            case 17 -> clock(node);
            case 18 -> cut(node, "database cut off", Set.of(Way.values()));
            case 19 -> cutClients("clients hear no answers", Set.of(Way.BACK));
            case 20 -> cutClients("clients are not heard", Set.of(Way.THERE));
            case 21 -> slowClients();
            case 22 -> cutAskers(node, "askers hear no answers", Set.of(Way.BACK));
            case 23 -> cutAskers(node, "askers are not heard", Set.of(Way.THERE));
            case 24 -> slow(node.name() + ": slow for askers", Set.of(node.name()), node.askers(), someWays());
            default -> random.nextBoolean() || !installation.postgres().bounded() ? stopPostgres() : fillDisk();
        };
    }

    private Duration millis(long from, long to) {
        return Duration.ofMillis(random.nextLong(from, to + 1));
    }

    private Disaster kill(Node node) {
        return new Disaster(
                node.name() + ": killed and started again",
                Set.of(node.name()),
                millis(0, 2_000),
                node::kill,
                node::start);
    }

    private Disaster freeze(Node node, String what, Duration lasts) {
        return new Disaster(node.name() + ": " + what, Set.of(node.name()), lasts, node::freeze, node::thaw);
    }

    private Disaster cut(Node node, String what, Set<Way> ways) {
        return cut(node.name() + ": " + what, Set.of(node.name()), node.link(), ways);
    }

    /** Its data plane goes on meanwhile as if nothing had happened. */
    private Disaster cutClients(String what, Set<Way> ways) {
        Node serve = anyServe();
        return cut(serve.name() + ": " + what, Set.of(), serve.clients(), ways);
    }

    /** Questions that were sent meanwhile arrive late, and are answered by what is so then. */
    private Disaster cutAskers(Node node, String what, Set<Way> ways) {
        return cut(node.name() + ": " + what, Set.of(node.name()), node.askers(), ways);
    }

    /** Late bytes arrive when it is over, or the connections break: both happen to packets that were held up. */
    private Disaster cut(String what, Set<String> harmed, Link link, Set<Way> ways) {
        boolean breaks = random.nextBoolean();
        return new Disaster(what, harmed, millis(lease / 4, lease * 3), () -> ways.forEach(link::cut), () -> {
            if (breaks) {
                link.reset();
            }
            link.heal();
        });
    }

    private Disaster slow(Node node, String what, Set<Way> ways) {
        return slow(node.name() + ": " + what, Set.of(node.name()), node.link(), ways);
    }

    private Disaster slowClients() {
        Node serve = anyServe();
        return slow(serve.name() + ": slow for clients", Set.of(), serve.clients(), someWays());
    }

    private Disaster slow(String what, Set<String> harmed, Link link, Set<Way> ways) {
        Duration delay = millis(30, lease / 3);
        return new Disaster(
                what, harmed, millis(lease, lease * 3), () -> ways.forEach(way -> link.delay(way, delay)), link::heal);
    }

    /** There, back, or both. */
    private Set<Way> someWays() {
        return switch (random.nextInt(3)) {
            case 0 -> Set.of(Way.THERE);
            case 1 -> Set.of(Way.BACK);
            default -> Set.of(Way.values());
        };
    }

    private Node anyServe() {
        List<Node> serves = installation.serves();
        return serves.get(random.nextInt(serves.size()));
    }

    private Disaster reset(Node node) {
        return new Disaster(
                node.name() + ": connections reset",
                Set.of(node.name()),
                Duration.ZERO,
                () -> node.link().reset(),
                () -> {});
    }

    private Disaster rejoin() {
        List<Node> gates = installation.gates();
        Node gate = gates.get(random.nextInt(gates.size()));
        return new Disaster(
                gate.name() + ": stopped, and a new one joins",
                Set.of(gate.name()),
                millis(0, 3_000),
                gate::stop,
                gate::start);
    }

    private Disaster clock(Node node) {
        if (node.time().isEmpty()) {
            return reset(node);
        }
        FakeTime time = node.time().get();
        Duration offset = Duration.ofSeconds(random.nextLong(1, 7_200)).multipliedBy(random.nextBoolean() ? 1 : -1);
        return new Disaster(
                node.name() + ": wall clock stepped " + (offset.isNegative() ? "back" : "forward"),
                Set.of(node.name()),
                millis(lease, lease * 3),
                () -> time.step(offset),
                () -> time.step(Duration.ZERO));
    }

    private Disaster stopPostgres() {
        List<Postgres.Stop> ways = List.of(Postgres.Stop.values());
        Postgres.Stop how = ways.get(random.nextInt(ways.size()));
        Postgres postgres = installation.postgres();
        return new Disaster(
                "postgres: " + how.name().toLowerCase(Locale.ROOT) + " stop and start",
                all(),
                millis(0, 3_000),
                () -> postgres.stop(how),
                postgres::awaitReady);
    }

    private Disaster fillDisk() {
        Postgres postgres = installation.postgres();
        return new Disaster("postgres: disk full", all(), millis(1_000, 5_000), postgres::fillDisk, () -> {
            postgres.emptyDisk();
            postgres.awaitReady();
        });
    }

    private Set<String> all() {
        return installation.nodes().stream().map(Node::name).collect(Collectors.toSet());
    }

    /** Mends whatever a disaster may have left. */
    void healAll() throws IOException, InterruptedException {
        installation.postgres().emptyDisk();
        installation.postgres().awaitReady();
        for (Node node : installation.nodes()) {
            node.link().heal();
            node.clients().heal();
            node.askers().heal();
            node.thaw();
            if (node.time().isPresent()) {
                node.time().get().step(Duration.ZERO);
            }
        }
        for (Node node : installation.nodes()) {
            node.awaitReady();
        }
    }
}
