package dev.keyrack.bench;

import dev.keyrack.verifier.Digest;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.ReplicaKey;
import dev.keyrack.verifier.TokenFormat;
import dev.keyrack.verifier.TokenSteps;
import dev.keyrack.verifier.Verdict;
import dev.keyrack.verifier.Verifier;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
 * What one verification costs, step by step, beside one bare SHA-256 of as many bytes.
 *
 * <p>Every benchmark walks through a pool of inputs in the order in which they lie in memory, as a token that was just
 * read from a connection is at hand. The keys that they are tokens of lie in another order, so that a large pool finds
 * none of them in the processor's caches, and a small one finds all.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class HotPathBenchmark {
    /** The processor's first cache holds all of it. */
    static final String NEAR = "16";

    /** With all that is read for it more than the first cache holds. */
    static final String HOT = "1000";

    /** More than any cache holds. */
    static final String COLD = "100000";

    static final int CHECK_LENGTH = 6;

    private static final long SEED = 20_260_101;

    /** How many different inputs: few stay in the processor's nearest caches, many do not. */
    @Param({NEAR, HOT, COLD})
    public int pool;

    @Param("1000000")
    public int keys;

    private final byte[] digest = new byte[32];
    private final TokenSteps steps = new TokenSteps();
    private MessageDigest sha256;
    private Verifier verifier;
    private Verifier atStore;
    private byte[][] signed;
    private String[] tokens;
    private Question[] valid;
    private ReplicaKey[] known;
    private Question[] unknown;
    private Question[] malformed;
    private int at;

    /** JMH fills a state in {@link #prepare}; until then it asks nothing. */
    public HotPathBenchmark() {
        this.sha256 = sha256();
        this.verifier = new Verifier(new Replica(), () -> 0);
        this.atStore = verifier;
        this.signed = new byte[0][];
        this.tokens = new String[0];
        this.valid = new Question[0];
        this.known = new ReplicaKey[0];
        this.unknown = new Question[0];
        this.malformed = new Question[0];
    }

    @Setup
    public void prepare() {
        Population population = new Population(SEED, keys);
        verifier = GateVerifier.of(population.replica());
        atStore = GateVerifier.withoutLease(population.replica());
        List<String> shuffled = shuffled(population.tokens(pool));
        tokens = shuffled.toArray(String[]::new);
        signed = shuffled.stream().map(HotPathBenchmark::signed).toArray(byte[][]::new);
        valid = questions(shuffled);
        known = Arrays.stream(valid)
                .map(question -> atStore.verify(question).about().orElseThrow())
                .toArray(ReplicaKey[]::new);
        unknown = questions(shuffled(population.unknownTokens(pool)));
        malformed = questions(shuffled.stream().map(HotPathBenchmark::mistyped).toList());
    }

    /** The yardstick. */
    @Benchmark
    public byte[] bareSha256() throws DigestException {
        byte[] input = signed[next()];
        sha256.update(input, 0, input.length);
        sha256.digest(digest, 0, digest.length);
        return digest;
    }

    /** Reading a token into a buffer and checking its form, check included: what every verification begins with. */
    @Benchmark
    public int read() {
        return steps.read(tokens[next()]);
    }

    /** A digest as an object, as minting makes it. */
    @Benchmark
    public Digest digest() {
        return TokenSteps.digest(signed[next()]);
    }

    /** All parts of a token as objects, digest included, as the control plane reads it. */
    @Benchmark
    public Optional<TokenFormat.Parsed> parse() {
        return TokenFormat.parse(tokens[next()]);
    }

    @Benchmark
    public Verdict verifyValid() {
        return verifier.verify(valid[next()]);
    }

    /** In the process that holds the embedded store, which needs no lease: the rest is one reading of the clock. */
    @Benchmark
    public Verdict verifyAtStore() {
        return atStore.verify(valid[next()]);
    }

    /** At the store, a token that the process has not seen yet: then its SHA-256 is computed. */
    @Benchmark
    public Verdict verifyFirst() {
        int now = next();
        TokenSteps.forget(known[now]);
        return atStore.verify(valid[now]);
    }

    @Benchmark
    public Verdict verifyUnknown() {
        return verifier.verify(unknown[next()]);
    }

    /** Tokens whose last character is wrong: nothing tells them from good ones before the check is computed. */
    @Benchmark
    public Verdict verifyMalformed() {
        return verifier.verify(malformed[next()]);
    }

    private int next() {
        int now = at;
        at = now + 1 == pool ? 0 : now + 1;
        return now;
    }

    /** In random order, each copied to where it lies beside the next. */
    private static List<String> shuffled(List<String> tokens) {
        List<String> shuffled = new ArrayList<>(tokens);
        Collections.shuffle(shuffled, new Random(SEED));
        shuffled.replaceAll(token -> String.valueOf(token.toCharArray()));
        return shuffled;
    }

    private static Question[] questions(List<String> tokens) {
        return tokens.stream().map(Question::of).toArray(Question[]::new);
    }

    private static byte[] signed(String token) {
        return token.substring(0, token.length() - CHECK_LENGTH).getBytes(StandardCharsets.US_ASCII);
    }

    private static String mistyped(String token) {
        int last = token.length() - 1;
        return token.substring(0, last) + (token.charAt(last) == '0' ? '1' : '0');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
