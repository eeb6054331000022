package dev.keyrack.verifier;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What a verification would answer, and why, asked of one key without a token of it. Uses nothing up and is seen by nobody.
 *
 * <p>Guarantee: the code is the one that a verifier that knows this key gives to its newest token at that time, unless the
 * verifier is {@code STALE}.
 */
public final class Simulation {
    private final ReplicaTable table = new ReplicaTable(4);
    private final ReplicaKey key;

    /**
     * As verifiers are told of it.
     *
     * @param around the key's organization, and the catalogue of permissions if there is one
     */
    public Simulation(List<FeedChange> around, FeedChange.Key key) {
        around.forEach(table::apply);
        table.apply(key);
        byte[] id = key.id().value().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        this.key = Optional.ofNullable(table.find(ReplicaKey.high(id, 0), ReplicaKey.low(id, 0)))
                .orElseThrow();
    }

    /** @param checks every condition, in the order in which they are decided, also after the first that refuses */
    public record Answer(Code code, List<Check> checks) {
        public Answer {
            checks = List.copyOf(checks);
        }
    }

    /**
     * @param question its token and user do not matter
     * @param at microseconds since 1970
     */
    public Answer ask(Question question, long at) {
        LongSupplier now = () -> at;
        List<Check> checks = new ArrayList<>();
        checks.add(revocation());
        checks.add(expiry(at));
        checks.add(disabling());
        checks.add(suspension());
        WhyRestricted restricted = new WhyRestricted(key.restrictions(), question, now);
        for (Rule rule : Rule.values()) {
            checks.add(restricted.check(rule));
        }
        checks.add(permission(question));
        Code refusal = Verifier.refusal(table, key, FeedChange.NEVER, question, new CallerReader(), 0, now);
        return new Answer(refusal == null ? Code.VALID : refusal, checks);
    }

    /**
     * One condition alone.
     *
     * @param rule the code that it refuses with
     */
    public Check why(Code rule, Question question, long at) {
        return switch (rule) {
            case REVOKED -> revocation();
            case EXPIRED -> expiry(at);
            case DISABLED -> disabling();
            case SUSPENDED -> suspension();
            case WEBSITE_NOT_ALLOWED -> restricted(Rule.WEBSITES, question, at);
            case NETWORK_NOT_ALLOWED -> restricted(Rule.NETWORKS, question, at);
            case APP_NOT_ALLOWED -> restricted(Rule.APPS, question, at);
            case PERMISSION_DENIED -> permission(question);
            case STALE, MALFORMED, UNKNOWN, RATE_LIMITED, QUOTA_EXCEEDED, VALID ->
                throw new IllegalArgumentException(rule + " depends on no condition of a key");
        };
    }

    /** Whether the token of this generation is good still, as far as {@link Code#REVOKED} goes. */
    public Check whyGeneration(int generation, long at) {
        return Verifier.endOf(key, generation) > at || key.state() == KeyState.REVOKED
                ? revocation()
                : refused(Code.REVOKED, Sentence.of("why.superseded", generation, key.generation()));
    }

    private Check restricted(Rule rule, Question question, long at) {
        return new WhyRestricted(key.restrictions(), question, () -> at).check(rule);
    }

    private Check revocation() {
        return key.state() == KeyState.REVOKED
                ? refused(Code.REVOKED, Sentence.of("why.revoked"))
                : Check.held(Code.REVOKED, Optional.empty(), Sentence.of("why.not-revoked"));
    }

    private Check disabling() {
        return key.state() == KeyState.DISABLED
                ? refused(Code.DISABLED, Sentence.of("why.disabled"))
                : Check.held(Code.DISABLED, Optional.empty(), Sentence.of("why.not-disabled"));
    }

    private Check suspension() {
        return key.organization().suspended()
                ? refused(Code.SUSPENDED, Sentence.of("why.suspended"))
                : Check.held(Code.SUSPENDED, Optional.empty(), Sentence.of("why.not-suspended"));
    }

    private Check expiry(long at) {
        if (key.expiresAt() == FeedChange.NEVER) {
            return Check.notSet(Code.EXPIRED, Sentence.of("why.never-expires"));
        }
        Instant end = Instant.EPOCH.plus(key.expiresAt(), ChronoUnit.MICROS);
        return key.expiresAt() <= at
                ? refused(Code.EXPIRED, Sentence.of("why.expired", end))
                : Check.held(Code.EXPIRED, Optional.empty(), Sentence.of("why.expires", end));
    }

    private Check permission(Question question) {
        String asked = question.permission();
        if (asked == null) {
            return Check.notSet(Code.PERMISSION_DENIED, Sentence.of("why.no-permission-asked"));
        }
        if (key.grants(asked, table.catalogue())) {
            return Check.held(Code.PERMISSION_DENIED, Optional.of(asked), Sentence.of("why.permission", asked));
        }
        List<String> granted = key.permissions().orElse(List.of());
        return Check.refused(
                Code.PERMISSION_DENIED, Optional.of(asked), Likeness.nearest(asked, granted), lacks(asked, granted));
    }

    /** Why the key does not have this permission: what its owner can change, and what only the operator can. */
    private Sentence lacks(String asked, List<String> granted) {
        if (!Permissions.isQuestion(asked)) {
            return Sentence.of("why.no-such-permission", asked);
        }
        if (Permissions.RESERVED.contains(asked)) {
            return Sentence.of("why.reserved", asked);
        }
        long since = table.catalogue().since(asked, key.type());
        if (since == ReplicaCatalogue.FORBIDDEN) {
            return Sentence.of("why.forbidden", key.type().text(), asked);
        }
        boolean covered =
                key.permissions().isEmpty() || granted.stream().anyMatch(one -> Permissions.covers(one, asked));
        if (covered) {
            return Sentence.of("why.newer", asked);
        }
        return granted.isEmpty()
                ? Sentence.of("why.no-permissions", asked)
                : Sentence.of("why.lacks", asked, shown(granted));
    }

    private static Sentence shown(List<String> granted) {
        int most = 5;
        String first = String.join(", ", granted.subList(0, Math.min(most, granted.size())));
        return granted.size() > most
                ? Sentence.of("why.permissions-and-more", first, granted.size() - most)
                : Sentence.of("why.permissions", first);
    }

    private static Check refused(Code code, Sentence why) {
        return Check.refused(code, Optional.empty(), Optional.empty(), why);
    }
}
