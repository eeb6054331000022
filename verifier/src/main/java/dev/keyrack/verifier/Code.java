package dev.keyrack.verifier;

/** The stable codes of verdicts, in the order in which they are decided. */
public enum Code {
    /** The node cannot be sure that it knows the latest changes; only in place of {@link #VALID}. */
    STALE,
    /** Not the spelling of a token. */
    MALFORMED,
    /** No such key, a wrong secret, or a key that this asker may not verify. */
    UNKNOWN,
    /** The key was revoked, or this token of it was superseded. */
    REVOKED,
    EXPIRED,
    DISABLED,
    /** The key's organization is suspended. */
    SUSPENDED,
    WEBSITE_NOT_ALLOWED,
    NETWORK_NOT_ALLOWED,
    APP_NOT_ALLOWED,
    PERMISSION_DENIED,
    RATE_LIMITED,
    QUOTA_EXCEEDED,
    VALID
}
