package dev.keyrack.server.accounts;

import com.google.common.collect.ImmutableMap;
import java.util.Locale;
import java.util.Optional;

/**
 * What a member is in their organization. This is the one table of roles: the server asks it, the portal and
 * {@code docs/roles.md} show it.
 */
public enum Role {
    OWNER(ImmutableMap.of(
            Right.SEE_KEYS, Reach.ALL,
            Right.CHANGE_KEYS, Reach.ALL,
            Right.DIAGNOSE_KEYS, Reach.ALL,
            Right.SEE_USAGE, Reach.ALL,
            Right.SEE_TRANSCRIPTS, Reach.ALL,
            Right.SEE_PROJECTS, Reach.ALL,
            Right.CHANGE_PROJECTS, Reach.ALL,
            Right.MANAGE, Reach.ALL,
            Right.GOVERN, Reach.ALL)),
    ADMIN(ImmutableMap.of(
            Right.SEE_KEYS, Reach.ALL,
            Right.CHANGE_KEYS, Reach.ALL,
            Right.DIAGNOSE_KEYS, Reach.ALL,
            Right.SEE_USAGE, Reach.ALL,
            Right.SEE_TRANSCRIPTS, Reach.ALL,
            Right.SEE_PROJECTS, Reach.ALL,
            Right.CHANGE_PROJECTS, Reach.ALL,
            Right.MANAGE, Reach.ALL)),
    DEVELOPER(ImmutableMap.of(
            Right.SEE_KEYS, Reach.OWN,
            Right.CHANGE_KEYS, Reach.OWN,
            Right.DIAGNOSE_KEYS, Reach.OWN,
            Right.SEE_USAGE, Reach.OWN,
            Right.SEE_TRANSCRIPTS, Reach.OWN,
            Right.SEE_PROJECTS, Reach.OWN,
            Right.CHANGE_PROJECTS, Reach.OWN)),
    SUPPORT(ImmutableMap.of(
            Right.SEE_KEYS, Reach.ALL,
            Right.DIAGNOSE_KEYS, Reach.ALL,
            Right.SEE_USAGE, Reach.ALL,
            Right.SEE_TRANSCRIPTS, Reach.ALL,
            Right.SEE_PROJECTS, Reach.ALL)),
    ANALYTICS(ImmutableMap.of(
            Right.SEE_KEYS, Reach.ALL,
            Right.SEE_USAGE, Reach.ALL,
            Right.SEE_PROJECTS, Reach.ALL));

    private final ImmutableMap<Right, Reach> rights;

    Role(ImmutableMap<Right, Reach> rights) {
        this.rights = rights;
    }

    /** How far this role may do it. */
    public Reach reach(Right right) {
        return rights.getOrDefault(right, Reach.NONE);
    }

    /** Whether whoever has this role may make a member of the other, and change or remove one. */
    public boolean manages(Role other) {
        return reach(Right.GOVERN) == Reach.ALL || (reach(Right.MANAGE) == Reach.ALL && other.compareTo(this) > 0);
    }

    /** The name in API and store. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads what {@link #text} wrote. */
    public static Optional<Role> of(String text) {
        for (Role role : values()) {
            if (role.text().equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
