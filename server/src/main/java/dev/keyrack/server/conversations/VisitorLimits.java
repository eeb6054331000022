package dev.keyrack.server.conversations;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.server.store.Tx;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How often visitors may do what costs something.
 *
 * <p>Guarantee: counted in the store, in the transaction that does it, so that many at once gain nothing, whichever process
 * they ask. Few are counted exactly, over any stretch of time; many by fixed windows. An address is kept as an HMAC.
 */
final class VisitorLimits {
    /** Up to here, each moment is kept. */
    private static final int EXACT = 32;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** @param pause how long whoever exceeds it must wait; zero until there is room again */
    record Limit(String name, int most, Duration within, Duration pause) {}

    static final Limit CONVERSATIONS_OF_VISITOR = new Limit("cv", 20, Duration.ofHours(1), Duration.ZERO);
    static final Limit CONVERSATIONS_OF_KEY = new Limit("ck", 600, MINUTE, Duration.ZERO);
    static final Limit MESSAGES_OF_VISITOR = new Limit("mv", 20, MINUTE, Duration.ZERO);
    static final Limit MESSAGES_OF_ADDRESS = new Limit("ma", 60, MINUTE, Duration.ZERO);
    static final Limit MESSAGES_OF_KEY = new Limit("mk", 3_000, MINUTE, Duration.ZERO);
    static final Limit RATINGS_OF_VISITOR = new Limit("rv", 60, MINUTE, Duration.ZERO);
    static final Limit SESSIONS_OF_ADDRESS = new Limit("sa", 120, MINUTE, Duration.ZERO);
    static final Limit SESSIONS_OF_KEY = new Limit("sk", 6_000, MINUTE, Duration.ZERO);

    /** Counted for each visitor, by the visitor's id. */
    static final List<Limit> OF_VISITOR = List.of(CONVERSATIONS_OF_VISITOR, MESSAGES_OF_VISITOR, RATINGS_OF_VISITOR);

    /** Counted for each web key, by the key's id. */
    static final List<Limit> OF_KEY = List.of(CONVERSATIONS_OF_KEY, MESSAGES_OF_KEY, SESSIONS_OF_KEY);

    private final VisitorCountSql sql = new VisitorCountSql();
    private final VisitorTokens tokens;
    private final Limit conversationsOfAddress;

    VisitorLimits(VisitorTokens tokens, ConversationLimit chosen) {
        this.tokens = tokens;
        this.conversationsOfAddress = new Limit("ca", chosen.most(), chosen.within(), chosen.pause());
    }

    /** The one that the operator chooses. */
    Limit conversationsOfAddress() {
        return conversationsOfAddress;
    }

    /** Whose count it is. */
    static String subject(Limit limit, String whose) {
        return limit.name() + "/" + whose;
    }

    /** Of an address: an IPv6 network of 64 bits is one household. */
    String ofAddress(Limit limit, @Nullable String address) {
        return subject(limit, tokens.shortly("address", network(address)));
    }

    static String network(@Nullable String address) {
        try {
            String text = address == null ? "" : address.replaceFirst("%.*", "");
            // By its bytes once more: IPv4 that is mapped into IPv6 (RFC 4291, 2.5.5.2) becomes IPv4.
            InetAddress plain =
                    InetAddress.getByAddress(InetAddress.ofLiteral(text).getAddress());
            return plain instanceof Inet6Address
                    ? Arrays.toString(Arrays.copyOf(plain.getAddress(), 8))
                    : plain.getHostAddress();
        } catch (IllegalArgumentException | UnknownHostException e) {
            return "unknown";
        }
    }

    /** One of the ways to ask: {@link #take} or {@link #look}. */
    interface Asking {
        Duration ask(Tx tx, String subject, Limit limit);
    }

    /**
     * How much of a limit is used.
     *
     * @param times of one that is counted exactly: when, oldest first
     * @param began when the window did
     */
    private record Use(List<Long> times, long used, long began) {
        static Use of(VisitorCountSql.Count count, Limit limit, long at) {
            if (limit.most() <= EXACT) {
                List<Long> times = after(at - window(limit), count.times());
                return new Use(times, times.size(), at);
            }
            boolean over = count.beganAt() + window(limit) <= at;
            return over ? new Use(List.of(), 0, at) : new Use(List.of(), count.count(), count.beganAt());
        }

        boolean room(Limit limit) {
            return used < limit.most();
        }

        /** Until there is room again. */
        Duration wait(Limit limit, long at) {
            return micros((times.isEmpty() ? began : times.getFirst()) + window(limit) - at);
        }
    }

    /**
     * What {@link #take} would answer, for who must not keep others from writing: nothing is counted. Zero also where a pause
     * would begin.
     */
    Duration look(Tx tx, String subject, Limit limit) {
        VisitorCountSql.Count count = sql.find(tx, subject);
        if (count.pausedUntil() > tx.at()) {
            return micros(count.pausedUntil() - tx.at());
        }
        Use use = Use.of(count, limit, tx.at());
        return use.room(limit) || !limit.pause().isZero() ? Duration.ZERO : use.wait(limit, tx.at());
    }

    /** Zero when it may be done, and is counted with this; else how long to wait, which must be committed all the same. */
    Duration take(Tx tx, String subject, Limit limit) {
        VisitorCountSql.Count count = sql.get(tx, subject);
        if (count.pausedUntil() > tx.at()) {
            return micros(count.pausedUntil() - tx.at());
        }
        Use use = Use.of(count, limit, tx.at());
        if (use.room(limit)) {
            String kept = limit.most() <= EXACT
                    ? Stream.concat(use.times().stream(), Stream.of(tx.at()))
                            .map(String::valueOf)
                            .collect(Collectors.joining(","))
                    : "";
            sql.set(tx, subject, new VisitorCountSql.Count(kept, use.used() + 1, use.began(), 0));
            return Duration.ZERO;
        }
        if (limit.pause().isZero()) {
            return use.wait(limit, tx.at());
        }
        long until = tx.at() + limit.pause().toNanos() / 1_000;
        sql.set(tx, subject, new VisitorCountSql.Count("", 0, tx.at(), until));
        return limit.pause();
    }

    private static List<Long> after(long after, String kept) {
        return kept.isEmpty()
                ? List.of()
                : Stream.of(kept.split(","))
                        .map(Long::valueOf)
                        .filter(time -> time > after)
                        .toList();
    }

    private static long window(Limit limit) {
        return limit.within().toNanos() / 1_000;
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(micros * 1_000);
    }

    static ProblemException refused(VisitorCode code, Duration wait) {
        return new ProblemException(new Problem.Visiting(
                code, null, Math.max(1, wait.plusMillis(999).toSeconds())));
    }
}
