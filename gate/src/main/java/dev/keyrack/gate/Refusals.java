package dev.keyrack.gate;

import dev.keyrack.verifier.App;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.Permissions;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.ReplicaKey;
import dev.keyrack.verifier.Rule;
import dev.keyrack.verifier.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Counts the refusals of known keys by rule and value until somebody writes them down.
 *
 * <p>Guarantee: however many there are, memory is bounded: {@value #KEYS} keys with {@value #VALUES} different values of
 * each rule; further values of a rule are counted together, further keys not at all. A token stands in none of them. Safe for any
 * number of threads.
 */
public final class Refusals {
    static final int KEYS = 500;
    static final int VALUES = 20;

    /** Longest value that is kept, in characters. */
    static final int MAX_VALUE = 400;

    /** Stands for every value beyond those that are told apart. */
    public static final String FURTHER = "…";

    /** The secret part of whatever looks like a token. */
    private static final Pattern TOKEN = Pattern.compile("(_(?:web|mob|ana|srv|pat)_[0-9A-Za-z]{0,11})[0-9A-Za-z]*");

    /** Before the number of a superseded token's generation, where that is why it was refused. */
    private static final String GENERATION = "generation ";

    private Map<What, Long> counted = new LinkedHashMap<>();
    private Map<String, Map<What, Integer>> values = new LinkedHashMap<>();

    /**
     * What was refused.
     *
     * @param observed whether it was let pass all the same, because the key only observes the rule
     * @param value that the rule did not allow, {@code …} in it where something was cut off that may be a secret; of a superseded
     *     token, {@link #generation}; empty where there is none
     */
    public record What(String keyId, Code code, boolean observed, String value) {}

    /** How often. */
    public record Counted(What what, long count) {}

    /**
     * Counts a verdict that was given, if it refused a known key, and beside it every rule that would have refused the key if
     * it were not only observed.
     */
    public void count(Question question, Verdict verdict) {
        ReplicaKey key = verdict.about().orElse(null);
        if (key == null) {
            return;
        }
        Code refusal = verdict.code();
        if (refusal != Code.VALID && refusal != Code.STALE) {
            boolean superseded = refusal == Code.REVOKED && verdict.generation() < key.generation();
            count(
                    key.id(),
                    refusal,
                    false,
                    superseded ? generation(verdict.generation()) : shown(value(refusal, question)));
        }
        for (Rule rule : verdict.observed()) {
            count(key.id(), rule.refusal(), true, shown(value(rule.refusal(), question)));
        }
    }

    /** Stands for a superseded token of this generation. */
    public static String generation(int generation) {
        return GENERATION + generation;
    }

    /**
     * Which generation a value stands for.
     *
     * @throws IllegalArgumentException if it is none that {@link #generation(int)} wrote
     */
    public static int generation(String value) {
        if (!value.startsWith(GENERATION)) {
            throw new IllegalArgumentException("no generation of a token");
        }
        return Integer.parseInt(value.substring(GENERATION.length()));
    }

    private synchronized void count(String key, Code code, boolean observed, String value) {
        What what = new What(key, code, observed, value);
        if (!counted.containsKey(what)) {
            if (!values.containsKey(key) && values.size() >= KEYS) {
                return;
            }
            What further = new What(key, code, observed, FURTHER);
            int known = values.computeIfAbsent(key, k -> new LinkedHashMap<>()).merge(further, 1, Integer::sum);
            what = known <= VALUES ? what : further;
        }
        counted.merge(what, 1L, Long::sum);
    }

    /** Takes out what was counted since the last time. */
    synchronized List<Counted> drain() {
        List<Counted> all = new ArrayList<>(counted.size());
        counted.forEach((what, count) -> all.add(new Counted(what, count)));
        counted = new LinkedHashMap<>();
        values = new LinkedHashMap<>();
        return all;
    }

    private static @Nullable String value(Code code, Question question) {
        return switch (code) {
            case WEBSITE_NOT_ALLOWED -> question.origin();
            case NETWORK_NOT_ALLOWED -> question.ip();
            case APP_NOT_ALLOWED -> {
                App.Asked app = question.app();
                yield app == null ? null : app.text();
            }
            case PERMISSION_DENIED -> {
                // Introspection takes any text for one.
                String permission = question.permission();
                yield permission != null && Permissions.isQuestion(permission) ? permission : null;
            }
            case STALE,
                    MALFORMED,
                    UNKNOWN,
                    REVOKED,
                    EXPIRED,
                    DISABLED,
                    SUSPENDED,
                    RATE_LIMITED,
                    QUOTA_EXCEEDED,
                    VALID -> null;
        };
    }

    /** A value as it may be kept: one short line, without what may be a secret that stands there by mistake. */
    static String shown(@Nullable String value) {
        if (value == null) {
            return "";
        }
        String masked = TOKEN.matcher(ShownValue.of(value)).replaceAll("$1…");
        StringBuilder line = new StringBuilder();
        masked.codePoints()
                .limit(MAX_VALUE)
                .map(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> '?';
                    default -> c;
                })
                .forEach(line::appendCodePoint);
        return line.toString();
    }
}
