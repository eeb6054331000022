package dev.keyrack.server.store;

import java.util.Locale;
import java.util.Optional;

/** The closed vocabulary of the audit trail. A name, once used, keeps its meaning for good. */
public enum AuditAction {
    ORGANIZATION_CREATED,
    ORGANIZATION_RENAMED,
    /** What it chose for itself: its colour, its logo, how long its conversations are kept. */
    ORGANIZATION_UPDATED,
    ORGANIZATION_SUSPENDED,
    /** What was suspended or deleted is as it was. */
    ORGANIZATION_RESUMED,
    /** It can be restored for a while. */
    ORGANIZATION_DELETED,
    /** By Keyrack itself, when that while is over: nothing of it is left but its trail. */
    ORGANIZATION_ERASED,
    MEMBER_CREATED,
    MEMBER_UPDATED,
    /** By themselves or by others; their keys and projects went over to somebody. */
    MEMBER_REMOVED,
    MEMBER_RECOVERY_OFFERED,
    SESSION_BEGUN,
    SESSION_ENDED,
    INVITATION_CREATED,
    INVITATION_DELETED,
    INVITATION_ACCEPTED,
    PASSWORD_CHANGED,
    TOKEN_CREATED,
    TOKEN_REPLACED,
    TOKEN_DELETED,
    PROJECT_CREATED,
    PROJECT_RENAMED,
    PROJECT_OWNER_CHANGED("project.owner-changed"),
    /** What answers its visitors; not what it says. */
    PROJECT_ASSISTANT_UPDATED("project.assistant-updated"),
    /** A new secret for the signatures of the webhook that answers; the one before is no longer used. */
    PROJECT_ASSISTANT_SECRET_REPLACED("project.assistant-secret-replaced"),
    PROJECT_ASSISTANT_OVERLAP_ENDED("project.assistant-overlap-ended"),
    /** Its questions and answers, counted. */
    PROJECT_ASSISTANT_ENTRIES_CHANGED("project.assistant-entries-changed"),
    KEY_CREATED,
    KEY_UPDATED,
    KEY_DISABLED,
    KEY_ENABLED,
    KEY_REGENERATED,
    KEY_OVERLAP_ENDED("key.overlap-ended"),
    /** By Keyrack itself, some days ahead. */
    KEY_EXPIRES_SOON("key.expires-soon"),
    KEY_REVEALED,
    KEY_REVOKED,
    /** By Keyrack itself, long after it was revoked. */
    KEY_REMOVED,
    /** What a host's backend signs visitors' identities with. */
    KEY_IDENTITY_KEY_CREATED("key.identity-key-created"),
    KEY_IDENTITY_KEY_ENDED("key.identity-key-ended"),
    /** What its web component shows. */
    KEY_COMPONENT_UPDATED("key.component-updated"),
    /** Whether its project's own page opens it. */
    KEY_HOSTED_PAGE_CHANGED("key.hosted-page-changed"),
    /** The operator's catalogue. */
    PERMISSIONS_UPDATED,
    /** Calls that were refused for who made them, counted over a minute. */
    ACCESS_DENIED;

    private final String text;

    AuditAction() {
        this.text = name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    AuditAction(String text) {
        this.text = text;
    }

    /** The name in API and store: {@code key.created}. */
    public String text() {
        return text;
    }

    public static Optional<AuditAction> of(String text) {
        for (AuditAction action : values()) {
            if (action.text().equals(text)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }
}
