package dev.keyrack.server.http;

import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.Sentence;
import java.util.List;
import java.util.Locale;

/** Why a visitor's call is refused: stable, and told in the visitor's language by the component. */
public enum VisitorCode {
    UNKNOWN(401),
    REVOKED(403),
    EXPIRED(403),
    DISABLED(403),
    SUSPENDED(403),
    WEBSITE_NOT_ALLOWED(403),
    NETWORK_NOT_ALLOWED(403),
    APP_NOT_ALLOWED(403),
    PERMISSION_DENIED(403),
    RATE_LIMITED(429),
    QUOTA_EXCEEDED(429),
    STALE(503),
    IDENTITY_REFUSED(401),
    PAGE_EXPIRED(401),
    SESSION_ENDED(401),
    TOO_MANY_SESSIONS(429),
    TOO_MANY_CONVERSATIONS(429),
    TOO_MANY_MESSAGES(429),
    TOO_MANY_RATINGS(429),
    TOO_MANY_REPLIES(503),
    MESSAGE_LIMIT_REACHED(403),
    REPLY_UNDER_WAY(409),
    CONVERSATION_ENDED(409),
    SHUTTING_DOWN(503);

    private final int status;

    VisitorCode(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    /** What a visitor's program is told. */
    public Sentence says() {
        return new Sentence("problem.visitor." + name().toLowerCase(Locale.ROOT).replace('_', '-'), List.of());
    }

    /** What a verdict is told as: what is no token is no key. */
    public static VisitorCode of(Code verdict) {
        return verdict == Code.MALFORMED ? UNKNOWN : valueOf(verdict.name());
    }
}
