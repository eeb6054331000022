package dev.keyrack.server.accounts;

/** How far a right goes. */
public enum Reach {
    NONE,
    /** The member's own: keys and projects that they made or were given. */
    OWN,
    ALL
}
