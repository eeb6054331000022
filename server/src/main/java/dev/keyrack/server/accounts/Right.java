package dev.keyrack.server.accounts;

/** What a role may or may not allow: the rows of the table of roles. */
public enum Right {
    SEE_KEYS,
    /** Create, edit, regenerate, reveal, revoke. */
    CHANGE_KEYS,
    /** Disable, enable, simulate, see refusals. */
    DIAGNOSE_KEYS,
    /** Usage and insights. */
    SEE_USAGE,
    SEE_TRANSCRIPTS,
    SEE_PROJECTS,
    CHANGE_PROJECTS,
    /** Members, roles below one's own, audit. */
    MANAGE,
    /** Ownership, sign-in settings, deletion of the organization. */
    GOVERN
}
