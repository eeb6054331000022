package dev.keyrack.server.portal;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other sites from sending our forms in a reader's name: each form carries a token that only pages of ours can know,
 * because it is made from a cookie that no script can read.
 *
 * <p>The token is masked anew for each page, so that compression tells nothing of it (BREACH).
 */
public final class Csrf {
    /** The field of a form, and in lower case the header of a script, that holds the token. */
    static final String FIELD = "csrf";

    private static final String HEADER = "X-CSRF-Token";
    private static final int LENGTH = 32;

    private final RandomGenerator random;

    /** @param random a cryptographically strong source */
    Csrf(RandomGenerator random) {
        this.random = random;
    }

    /** @param cookie what ties the form to this browser */
    String token(Secret cookie) {
        byte[] masked = new byte[2 * LENGTH];
        byte[] mask = new byte[LENGTH];
        random.nextBytes(mask);
        byte[] plain = plain(cookie);
        for (int i = 0; i < LENGTH; i++) {
            masked[i] = mask[i];
            masked[LENGTH + i] = (byte) (plain[i] ^ mask[i]);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(masked);
    }

    /** @throws ProblemException unless the request was made by a page of ours in the same browser */
    void require(HttpServletRequest request, @Nullable Secret cookie) {
        String site = request.getHeader("Sec-Fetch-Site");
        boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
        String header = request.getHeader(HEADER);
        String token = header == null ? request.getParameter(FIELD) : header;
        if (foreign || cookie == null || token == null || !fits(token, cookie)) {
            throw new ProblemException(new Problem.Forbidden(Sentence.of("problem.foreign-form")));
        }
    }

    private static boolean fits(String token, Secret cookie) {
        byte[] masked;
        try {
            masked = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (masked.length != 2 * LENGTH) {
            return false;
        }
        byte[] plain = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            plain[i] = (byte) (masked[i] ^ masked[LENGTH + i]);
        }
        return MessageDigest.isEqual(plain, plain(cookie));
    }

    private static byte[] plain(Secret cookie) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(("keyrack/csrf/" + cookie.reveal()).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
