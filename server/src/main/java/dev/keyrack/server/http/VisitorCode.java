package dev.keyrack.server.http;

import dev.keyrack.verifier.Code;

/** Why a visitor's call is refused: stable, and told in the visitor's language by the component. */
public enum VisitorCode {
    UNKNOWN(401, "No such key", "This is no token of a web key. Copy the key's token from the portal once more."),
    REVOKED(
            403,
            "The key is revoked",
            "The key was revoked or regenerated. Put its new token, or another key, into the page."),
    EXPIRED(403, "The key has expired", "The key has expired. Extend it in the portal, or use another key."),
    DISABLED(403, "The key is disabled", "The key is disabled. It can be enabled in the portal."),
    SUSPENDED(403, "The organization is suspended", "The key's organization is suspended. Its operator can resume it."),
    WEBSITE_NOT_ALLOWED(
            403,
            "Not on this website",
            "The key may not be used on this website. Add the website to the key in the portal."),
    NETWORK_NOT_ALLOWED(403, "Not from this network", "The key may not be used from this network."),
    APP_NOT_ALLOWED(403, "Not from here", "The key may be used from certain apps only, and a web page is none."),
    PERMISSION_DENIED(403, "Not for this", "The key has no permission chat.start. Give it that in the portal."),
    RATE_LIMITED(429, "Too many requests", "The key's rate limit is reached. Try again later."),
    QUOTA_EXCEEDED(429, "The quota is used up", "The key's quota is used up."),
    STALE(
            503,
            "Not sure at the moment",
            "It cannot be told at the moment whether the key is good. Try again in a second."),
    IDENTITY_REFUSED(
            401,
            "The identity is not good",
            "The identity token is not good: wrong key, audience, signature or times, or it was used before. Sign a new one."),
    PAGE_EXPIRED(401, "The page is too old", "The page was loaded too long ago. Load it again."),
    SESSION_ENDED(401, "The session has ended", "The visitor's session has ended. Open one anew."),
    TOO_MANY_SESSIONS(429, "Too many sessions", "Too many sessions were opened from here of late. Try again later."),
    TOO_MANY_CONVERSATIONS(
            429, "Too many conversations", "Too many conversations were started of late. Try again later."),
    TOO_MANY_MESSAGES(429, "Too many messages", "Too many messages were sent of late. Try again in a moment."),
    TOO_MANY_RATINGS(429, "Too many ratings", "Too many replies were rated of late. Try again in a moment."),
    TOO_MANY_REPLIES(503, "Too much at once", "Too many replies are being made at the moment. Try again in a moment."),
    MESSAGE_LIMIT_REACHED(403, "The conversation is full", "This conversation has as many messages as the key allows."),
    REPLY_UNDER_WAY(
            409,
            "A reply is under way",
            "The reply to the message before is still being made. Wait for it, or cancel it."),
    CONVERSATION_ENDED(409, "The conversation has ended", "The conversation has ended. Start a new one."),
    SHUTTING_DOWN(503, "Shutting down", "This Keyrack is shutting down. Try again in a moment.");

    private final int status;
    private final String title;
    private final String detail;

    VisitorCode(int status, String title, String detail) {
        this.status = status;
        this.title = title;
        this.detail = detail;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    String detail() {
        return detail;
    }

    /** What a verdict is told as: what is no token is no key. */
    public static VisitorCode of(Code verdict) {
        return verdict == Code.MALFORMED ? UNKNOWN : valueOf(verdict.name());
    }
}
