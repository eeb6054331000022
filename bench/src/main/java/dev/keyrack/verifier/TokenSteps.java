package dev.keyrack.verifier;

/**
 * Steps of a verification one by one, so that the benchmarks can measure them: the library itself has no
 * reason to open them. Stands in the verifier's package for that reason only.
 */
public final class TokenSteps {
    /** What no text has but by chance. */
    private static final UniversalHash NONE = new UniversalHash();

    private final TokenReader reader = new TokenReader();

    /** Reads a token and checks all of its form; returns how many bytes its digest covers, or −1. */
    public int read(String token) {
        boolean wellFormed = reader.take(token) >= 0 && reader.isToken();
        return wellFormed ? token.length() - TokenFormat.CHECK_LENGTH : -1;
    }

    /** Makes a key forget its token, so that the next verification of it is the first one. */
    public static void forget(ReplicaKey key) {
        key.saw(NONE);
    }

    /** The digest of these bytes, as minting takes it. */
    public static Digest digest(byte[] signed) {
        return Digest.of(signed);
    }
}
