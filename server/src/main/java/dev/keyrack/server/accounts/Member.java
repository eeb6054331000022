package dev.keyrack.server.accounts;

/**
 * A person in one organization.
 *
 * @param name how they are shown; empty until they chose one
 */
public record Member(
        String id, String organizationId, String email, String name, Role role, long version, long createdAt) {

    /** The name, or the address of somebody who chose none. */
    public String shown() {
        return name.isEmpty() ? email : name;
    }
}
