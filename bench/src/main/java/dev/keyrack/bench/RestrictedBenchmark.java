package dev.keyrack.bench;

import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Network;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Restrictions;
import dev.keyrack.verifier.TokenFormat;
import dev.keyrack.verifier.Verdict;
import dev.keyrack.verifier.Verifier;
import dev.keyrack.verifier.Website;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a verification costs with a policy on every key, and what a long list costs beside a short one. Inputs lie as in
 * {@link HotPathBenchmark}, whose bare SHA-256 is the yardstick.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class RestrictedBenchmark {
    static final int WEBSITES = 1_000;
    static final int NETWORKS = 10_000;
    private static final long SEED = 20_260_103;

    @Param({HotPathBenchmark.NEAR, HotPathBenchmark.HOT, HotPathBenchmark.COLD})
    public int pool;

    @Param("1000000")
    public int keys;

    private Verifier verifier = new Verifier(new Replica(), () -> 0);
    private Question[] restricted = new Question[0];
    private Single oneWebsite = Single.NOTHING;
    private Single manyWebsites = Single.NOTHING;
    private Single oneNetwork = Single.NOTHING;
    private Single manyNetworks = Single.NOTHING;
    private int at;

    /** One key, and questions that it allows. */
    private record Single(Verifier verifier, List<Question> questions) {
        static final Single NOTHING = new Single(new Verifier(new Replica(), () -> 0), List.of());
    }

    @Setup
    public void prepare() {
        Population population = Population.restricted(SEED, keys);
        verifier = GateVerifier.of(population.replica());
        List<Question> shuffled = new ArrayList<>(population.questions(pool));
        Collections.shuffle(shuffled, new Random(SEED));
        restricted = shuffled.stream().map(RestrictedBenchmark::copied).toArray(Question[]::new);
        oneWebsite = websites(1);
        manyWebsites = websites(WEBSITES);
        oneNetwork = networks(1);
        manyNetworks = networks(NETWORKS);
    }

    /** Each copied to where it lies beside the next. */
    private static Question copied(Question from) {
        return new Question(
                String.valueOf(from.token().toCharArray()),
                from.permission(),
                null,
                copy(from.origin()),
                copy(from.ip()),
                null);
    }

    /** As if it had just been read from a connection. */
    private static @Nullable String copy(@Nullable String text) {
        return text == null ? null : String.valueOf(text.toCharArray());
    }

    private Single websites(int count) {
        List<String> sites = IntStream.range(0, count)
                .mapToObj(i -> "https://shop-" + i + ".example.com")
                .toList();
        Restrictions restrictions = new Restrictions.Builder()
                .websites(sites.stream().map(Website::of).toList(), false)
                .build();
        return single(restrictions, i -> Question.of("").origin(sites.get(i % count)));
    }

    private Single networks(int count) {
        List<String> blocks = IntStream.range(0, count)
                .mapToObj(i -> "10." + i / 200 + "." + i % 200 + ".")
                .toList();
        Restrictions restrictions = new Restrictions.Builder()
                .networks(blocks.stream()
                        .map(block -> Network.parse(block + "0/28").orElseThrow())
                        .toList())
                .build();
        return single(restrictions, i -> Question.of("").ip(blocks.get(i % count) + "7"));
    }

    private Single single(Restrictions restrictions, java.util.function.IntFunction<Question> asked) {
        TokenFormat.Minted minted = TokenFormat.mint("kr", KeyType.WEB.tag(), new SplittableRandom(SEED));
        Replica replica = new Replica();
        Replica.Loader loader = replica.load();
        loader.add(new FeedChange.Organization("o", "acme", true, false, 1));
        loader.add(new FeedChange.Key(
                minted.id(),
                "o",
                "p",
                KeyType.WEB,
                KeyState.ACTIVE,
                1,
                List.of(new FeedChange.Token(1, minted.digest(), FeedChange.NEVER)),
                FeedChange.NEVER,
                null,
                0,
                restrictions));
        loader.finish(1, SEED);
        List<Integer> order = new ArrayList<>(IntStream.range(0, pool).boxed().toList());
        Collections.shuffle(order, new Random(SEED));
        String token = minted.token().reveal();
        return new Single(
                GateVerifier.of(replica),
                order.stream()
                        .map(i -> asked.apply(i))
                        .map(question ->
                                new Question(token, null, null, copy(question.origin()), copy(question.ip()), null))
                        .toList());
    }

    /** Three websites, a network, permissions and an expiry on every key. */
    @Benchmark
    public Verdict verifyRestricted() {
        return verifier.verify(restricted[next()]);
    }

    @Benchmark
    public Verdict oneWebsite() {
        return oneWebsite.verifier().verify(oneWebsite.questions().get(next()));
    }

    @Benchmark
    public Verdict manyWebsites() {
        return manyWebsites.verifier().verify(manyWebsites.questions().get(next()));
    }

    @Benchmark
    public Verdict oneNetwork() {
        return oneNetwork.verifier().verify(oneNetwork.questions().get(next()));
    }

    @Benchmark
    public Verdict manyNetworks() {
        return manyNetworks.verifier().verify(manyNetworks.questions().get(next()));
    }

    private int next() {
        int now = at;
        at = now + 1 == pool ? 0 : now + 1;
        return now;
    }
}
