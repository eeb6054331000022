package dev.keyrack.server.credentials;

import org.jspecify.annotations.Nullable;

/**
 * How a server key is used with HTTP Basic (RFC 7617), as pages show it.
 *
 * @param user the organization's subdomain, or the public id of the key
 * @param token the one that was just made; nothing where it is not known any more
 * @param gate the address of the gate, without a slash at its end
 */
public record BasicUse(String user, @Nullable String token, String gate) {
    /** Asks the gate about the token: 204 when it is good. It needs no quoting that shells differ in. */
    public String curl() {
        return "curl --include --user '" + user + ":" + (token == null ? "TOKEN" : token) + "' " + gate
                + "/v1/authorize";
    }
}
