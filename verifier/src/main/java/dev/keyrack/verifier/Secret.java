package dev.keyrack.verifier;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A text that must not be seen: a token, or the secret part of one.
 *
 * <p>Guarantee: it shows itself in no {@code toString}, and hence in no log line, exception or record that holds one.
 * {@link #reveal()} is the only way out, so that a search for it finds every place where a secret leaves.
 */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The text itself. Every caller answers for where it goes. */
    public String reveal() {
        return value;
    }

    /** Whether both are the same text, in time that depends on their lengths only. */
    public boolean matches(Secret other) {
        return MessageDigest.isEqual(
                value.getBytes(StandardCharsets.UTF_8), other.value.getBytes(StandardCharsets.UTF_8));
    }

    /** Secrets are compared with {@link #matches}, on purpose and in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && matches(secret);
    }

    /** The same for all secrets: a hash of the text would tell something of it. */
    @Override
    public int hashCode() {
        return Secret.class.hashCode();
    }

    @Override
    public String toString() {
        return "Secret[redacted]";
    }
}
