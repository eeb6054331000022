package dev.keyrack.verifier;

import org.jspecify.annotations.Nullable;

/**
 * What is asked of a token.
 *
 * @param token as it was presented
 * @param permission what it is to be used for; without one, permissions are not tested
 * @param user the user name that came with HTTP Basic (RFC 7617): the organization's subdomain or the key's id, else the
 *     token is {@code UNKNOWN}; nothing for other ways to present a token
 */
public record Question(
        String token, @Nullable String permission, @Nullable String user) {
    public static Question of(String token) {
        return new Question(token, null, null);
    }

    /** Tokens stay out of logs. */
    @Override
    public String toString() {
        return "Question[token=redacted, permission=" + permission + "]";
    }
}
