package dev.keyrack.bench;

import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Network;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Restrictions;
import dev.keyrack.verifier.TokenFormat;
import dev.keyrack.verifier.Website;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The keys that the benchmarks ask about: active server keys, spread over 100 organizations and 1 000 projects; without
 * restrictions, or each with three websites and a network of its own, permissions and an expiry.
 *
 * <p>Every key is made from the seed and its index alone, so that a server in one process and its client in another
 * agree on all tokens without handing them over. Tokens from such a source are for measuring only.
 */
final class Population {
    private static final int ORGANIZATIONS = 100;
    private static final int PROJECTS = 1_000;
    private static final String BRAND = "kr";
    private static final List<String> PERMISSIONS = List.of("chat.start", "chat.read", "orders.*");

    /** 2100-01-01. */
    private static final long EXPIRES_AT = 4_102_444_800_000_000L;

    private final long seed;
    private final int keys;
    private final boolean restricted;
    private final List<String> organizations;
    private final List<String> projects;

    Population(long seed, int keys) {
        this(seed, keys, false);
    }

    /** Keys that each have a policy. */
    static Population restricted(long seed, int keys) {
        return new Population(seed, keys, true);
    }

    private Population(long seed, int keys, boolean restricted) {
        if (keys < 1) {
            throw new IllegalArgumentException("a population has at least one key");
        }
        this.seed = seed;
        this.keys = keys;
        this.restricted = restricted;
        this.organizations = IntStream.range(0, ORGANIZATIONS)
                .mapToObj(i -> "organiza%03d".formatted(i))
                .toList();
        this.projects = IntStream.range(0, PROJECTS)
                .mapToObj(i -> "project%04d".formatted(i))
                .toList();
    }

    int keys() {
        return keys;
    }

    /** The token of the key with this index. An index beyond the population gives a token that nobody knows. */
    String token(int index) {
        return minted(index).token().reveal();
    }

    /** Tokens of as many keys, spread evenly over the population, each once. */
    List<String> tokens(int count) {
        if (count > keys) {
            throw new IllegalArgumentException("there are only " + keys + " keys");
        }
        return IntStream.range(0, count)
                .mapToObj(i -> token((int) ((long) i * keys / count)))
                .toList();
    }

    /** Tokens in the right form, of keys that do not exist. */
    List<String> unknownTokens(int count) {
        return IntStream.range(keys, keys + count).mapToObj(this::token).toList();
    }

    /** The replica of an installation that has exactly these keys. */
    Replica replica() {
        Replica replica = new Replica();
        Replica.Loader loader = replica.load();
        for (int i = 0; i < ORGANIZATIONS; i++) {
            loader.add(new FeedChange.Organization(organizations.get(i), "tenant%03d".formatted(i), i == 0, false, 1));
        }
        for (int i = 0; i < keys; i++) {
            loader.add(key(i));
        }
        loader.finish(keys, seed);
        return replica;
    }

    private FeedChange.Key key(int index) {
        TokenFormat.Minted minted = minted(index);
        int project = index % PROJECTS;
        return new FeedChange.Key(
                minted.id(),
                organizations.get(project % ORGANIZATIONS),
                projects.get(project),
                KeyType.SERVER,
                KeyState.ACTIVE,
                1,
                List.of(new FeedChange.Token(1, minted.digest(), FeedChange.NEVER)),
                restricted ? EXPIRES_AT : FeedChange.NEVER,
                restricted ? PERMISSIONS : null,
                0,
                restricted ? restrictions(index) : Restrictions.NONE);
    }

    private static Restrictions restrictions(int index) {
        return new Restrictions.Builder()
                .websites(
                        List.of(
                                Website.of("https://shop-" + index + ".com"),
                                Website.of("https://*.shop-" + index + ".com"),
                                Website.of("http://www.shop-" + index + ".com:8000")),
                        false)
                .networks(List.of(Network.parse(block(index) + ".0/28").orElseThrow()))
                .build();
    }

    private static String block(int index) {
        return (1 + index % 200) + "." + (index / 200 % 250) + "." + (index / 50_000 % 250);
    }

    /** What is asked of the key with this index, so that every part of its policy is tested and holds. */
    Question question(int index) {
        return new Question(
                token(index), "chat.read", null, "https://de.shop-" + index + ".com", block(index) + ".7", null);
    }

    /** Questions of as many keys as there are {@link #tokens}, in the same order. */
    List<Question> questions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> question((int) ((long) i * keys / count)))
                .toList();
    }

    private TokenFormat.Minted minted(int index) {
        return TokenFormat.mint(BRAND, KeyType.SERVER.tag(), new SplittableRandom(mixed(index)));
    }

    /** Spreads neighbouring indexes over all seeds, so that no two keys draw from overlapping streams. */
    private long mixed(int index) {
        long z = seed * 0x9E3779B97F4A7C15L + index;
        z = (z ^ (z >>> 33)) * 0xFF51AFD7ED558CCDL;
        z = (z ^ (z >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return z ^ (z >>> 33);
    }
}
