package dev.keyrack.verifier;

import org.jspecify.annotations.Nullable;

/**
 * What is asked of a token. Only the token must be told; a restriction whose input is missing refuses.
 *
 * @param token as it was presented
 * @param permission what it is to be used for; without one, permissions are not tested
 * @param user the user name that came with HTTP Basic (RFC 7617): the organization's subdomain or the key's id, else the
 *     token is {@code UNKNOWN}; nothing for other ways to present a token
 * @param origin the origin of the page that the caller runs on (RFC 6454), as its browser sent it
 * @param ip the caller's address, as text
 * @param app the mobile app that calls, as the asker knows it
 */
public record Question(
        String token,
        @Nullable String permission,
        @Nullable String user,
        @Nullable String origin,
        @Nullable String ip,
        App.@Nullable Asked app) {
    public static Question of(String token) {
        return new Question(token, null, null, null, null, null);
    }

    /** The same, of a use that needs this permission. */
    public Question permission(@Nullable String needed) {
        return new Question(token, needed, user, origin, ip, app);
    }

    /** The same, presented by HTTP Basic under this name. */
    public Question user(@Nullable String name) {
        return new Question(token, permission, name, origin, ip, app);
    }

    /** The same, from a page of this origin. */
    public Question origin(@Nullable String page) {
        return new Question(token, permission, user, page, ip, app);
    }

    /** The same, from this address. */
    public Question ip(@Nullable String address) {
        return new Question(token, permission, user, origin, address, app);
    }

    /** The same, from this app. */
    public Question app(App.@Nullable Asked asked) {
        return new Question(token, permission, user, origin, ip, asked);
    }

    /** Tokens stay out of logs, and so does what a visitor may have put in an origin. */
    @Override
    public String toString() {
        return "Question[token=redacted, permission=" + permission + "]";
    }
}
