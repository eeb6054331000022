package dev.keyrack.verifier;

/**
 * The first two steps of a verification one by one, so that the benchmarks can measure them: the library itself has no
 * reason to open them. Stands in the verifier's package for that reason only.
 */
public final class TokenSteps {
    private final TokenReader reader = new TokenReader();

    /** Reads a token and checks all of its form; returns how many bytes its digest covers, or −1. */
    public int read(String token) {
        boolean wellFormed = reader.take(token) >= 0 && reader.isToken();
        return wellFormed ? token.length() - TokenFormat.CHECK_LENGTH : -1;
    }

    /** The digest of these bytes, as minting takes it. */
    public static Digest digest(byte[] signed) {
        return Digest.of(signed);
    }
}
