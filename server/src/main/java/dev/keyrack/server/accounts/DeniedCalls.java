package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.StoreFailure;
import dev.keyrack.server.store.Tx;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts calls that were refused for who made them, by source, and writes the counts into the audit trail from time to
 * time: into that of the organization whose credential it was, where that is known, else into the operator's.
 *
 * <p>Guarantee: however many there are, one {@link #write} makes at most {@value #SOURCES} × ({@value #TRIED} + 1) + 1
 * events, and memory is bounded likewise. A token stands nowhere, only the public id of one that is well-formed.
 */
public final class DeniedCalls {
    private static final Logger LOG = LoggerFactory.getLogger(DeniedCalls.class);

    /** Further ones are counted together. */
    static final int SOURCES = 50;

    /** So many different things that one source tried are told apart. */
    static final int TRIED = 4;

    /** Why a call was refused. */
    enum Why {
        NO_CREDENTIAL("no credential"),
        SEVERAL_CREDENTIALS("several credentials"),
        UNREADABLE("a credential that cannot be read"),
        NO_TOKEN("what is no token"),
        TOKEN("a token that is not good"),
        PASSWORD("a password that is not good"),
        LINK("a one-time link that is not good"),
        NOT_ALLOWED("what is not allowed");

        private final String text;

        Why(String text) {
            this.text = text;
        }
    }

    /** @param id of the token that was presented, or of the member who called; nothing where there is neither */
    record Tried(Why why, @Nullable String id) {
        Tried(Why why) {
            this(why, null);
        }

        private String text() {
            return id == null ? why.text : why.text + ", " + id;
        }
    }

    private static final class Source {
        private final Map<Tried, Long> counts = new LinkedHashMap<>();
        private long further;

        void count(Tried tried) {
            if (counts.size() < TRIED || counts.containsKey(tried)) {
                counts.merge(tried, 1L, Long::sum);
            } else {
                further++;
            }
        }
    }

    private final Store store;
    private final DeniedSql sql = new DeniedSql();
    private Map<String, Source> sources = new LinkedHashMap<>();
    private long others;

    public DeniedCalls(Store store) {
        this.store = store;
    }

    synchronized void count(@Nullable String address, Tried tried) {
        String from = network(address);
        Source source = sources.get(from);
        if (source == null && sources.size() >= SOURCES) {
            others++;
            return;
        }
        sources.computeIfAbsent(from, f -> new Source()).count(tried);
    }

    /** IPv6 by its first 64 bits: whoever has one such address has all that share them. */
    static String network(@Nullable String address) {
        try {
            String text = address == null ? "" : address.replaceFirst("%.*", "");
            // By its bytes once more: IPv4 that is mapped into IPv6 (RFC 4291, 2.5.5.2) becomes IPv4.
            byte[] bytes = InetAddress.ofLiteral(text).getAddress();
            return InetAddress.getByAddress(bytes) instanceof Inet6Address
                    ? InetAddress.getByAddress(Arrays.copyOf(Arrays.copyOf(bytes, 8), 16))
                                    .getHostAddress() + "/64"
                    : InetAddress.getByAddress(bytes).getHostAddress();
        } catch (IllegalArgumentException | UnknownHostException e) {
            return "unknown";
        }
    }

    /** Writes what was counted since the last time. What cannot be written is told, and forgotten. */
    public void write() {
        Map<String, Source> counted;
        long rest;
        synchronized (this) {
            counted = sources;
            rest = others;
            sources = new LinkedHashMap<>();
            others = 0;
        }
        try {
            counted.forEach(this::write);
            if (rest > 0) {
                change(
                        null,
                        tx -> sql.operator(tx)
                                .map(operator ->
                                        List.of(event(operator, Map.of("count", rest, "from", "other addresses"))))
                                .orElse(List.of()));
            }
        } catch (StoreFailure e) {
            LOG.warn("counts of denied calls could not be written into the audit trail: {}", e.getMessage());
        }
    }

    private void write(String address, Source source) {
        change(address, tx -> {
            List<AuditEvent> events = new ArrayList<>();
            Map<String, Long> rest = new LinkedHashMap<>();
            source.counts.forEach((tried, count) -> known(tx, tried)
                    .ifPresentOrElse(
                            known -> events.add(event(known, told(tried, known, count))),
                            () -> rest.put(tried.text(), count)));
            if (source.further > 0) {
                rest.put("further", source.further);
            }
            if (!rest.isEmpty()) {
                long sum = rest.values().stream().mapToLong(Long::longValue).sum();
                sql.operator(tx)
                        .ifPresent(operator -> events.add(event(operator, Map.of("count", sum, "tried", rest))));
            }
            // One order for all, so that two processes that write into the same trails do not wait for each other.
            events.sort(Comparator.comparing(AuditEvent::organizationId));
            return events;
        });
    }

    private Optional<DeniedSql.Known> known(Tx tx, Tried tried) {
        String id = tried.id();
        return id == null ? Optional.empty() : sql.known(tx, id);
    }

    private static Map<String, ?> told(Tried tried, DeniedSql.Known known, long count) {
        String state = known.state();
        return state == null
                ? Map.of("count", count, "tried", tried.why().text)
                : Map.of("count", count, "tried", "a key, where a personal token is needed", "state", state);
    }

    private static AuditEvent event(DeniedSql.Known known, Map<String, ?> after) {
        return new AuditEvent(known.organizationId(), AuditAction.ACCESS_DENIED, known.target(), null, after);
    }

    private void change(@Nullable String address, Function<Tx, List<AuditEvent>> events) {
        store.change(
                new Cause(Actor.SYSTEM, address, "housekeeping"), tx -> new Change<>("", events.apply(tx), List.of()));
    }
}
