package dev.keyrack.verifier;

import org.jspecify.annotations.Nullable;

/**
 * Whose keys an asker may verify: all, or those of one organization. Keys outside it are {@code UNKNOWN} to the asker.
 */
public final class Scope {
    /** The operator's askers. */
    public static final Scope ALL = new Scope(null);

    private final @Nullable ReplicaOrganization organization;

    private Scope(@Nullable ReplicaOrganization organization) {
        this.organization = organization;
    }

    /** The scope of an asker that identified itself with a key of this organization. */
    public static Scope of(ReplicaOrganization organization) {
        return organization.operator() ? ALL : new Scope(organization);
    }

    boolean covers(ReplicaOrganization other) {
        return organization == null || organization.id().equals(other.id());
    }
}
