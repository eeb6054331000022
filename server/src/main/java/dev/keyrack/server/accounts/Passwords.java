package dev.keyrack.server.accounts;

import dev.keyrack.verifier.Secret;
import java.text.Normalizer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

/**
 * Passwords as they are kept: Argon2id (RFC 9106) over the password in Unicode's form NFC, so that one password typed on
 * two keyboards is one.
 *
 * <p>Guarantees: what is kept cannot be turned back; comparing takes the same time for a password that is wrong as for one
 * that is right, and {@link #dummy} as long for an account that is none; at no time do more than as many computations run
 * as there are processors, so that a flood of attempts takes neither all memory nor every thread of the processor.
 */
public final class Passwords {
    /**
     * 32 MiB, three passes, one lane: more than the least that OWASP's Password Storage Cheat Sheet asks of Argon2id
     * (19 MiB, two passes, one lane). Memory is what makes guessing on graphics cards dear, so it was raised first; one
     * lane, because each computation has one thread here anyway.
     */
    static final int MEMORY_KIB = 32 * 1024;

    static final int PASSES = 3;
    static final int LANES = 1;
    private static final Secret NOBODYS = Secret.of("the password of nobody");
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    private final Argon2PasswordEncoder argon2 =
            new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, LANES, MEMORY_KIB, PASSES);

    /** Fair, so that whoever waits is served in turn. */
    private final Semaphore running =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors()), true);

    private final LongAdder computations = new LongAdder();

    /** How often the work was done so far, for a password or for nobody's. */
    long computations() {
        return computations.sum();
    }

    /** As it is kept, with its salt and the parameters that it was made with. */
    public String hash(Secret password) {
        return oneOfFew(() -> encoded(password));
    }

    /** Whether this is the password that was hashed. */
    public boolean matches(Secret password, String hash) {
        return oneOfFew(() -> argon2.matches(normal(password), hash));
    }

    /** Works as long as {@link #matches} does, for an account that does not exist or has no password. */
    public void dummy() {
        hash(NOBODYS);
    }

    private String encoded(Secret password) {
        String encoded = argon2.encode(normal(password));
        if (encoded == null) {
            throw new IllegalStateException("a text that is there has a hash");
        }
        return encoded;
    }

    private static String normal(Secret password) {
        return Normalizer.normalize(password.reveal(), Normalizer.Form.NFC);
    }

    private <T> T oneOfFew(Supplier<T> work) {
        running.acquireUninterruptibly();
        computations.increment();
        try {
            return work.get();
        } finally {
            running.release();
        }
    }
}
