package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.Sentence;
import org.jspecify.annotations.Nullable;

/**
 * A tenant: owns members, projects and keys.
 *
 * @param operator whether its members run the installation
 * @param state {@code active}, {@code suspended} or {@code deleted}
 * @param deletion since when it is deleted, and until when that can be taken back; nothing where it is not
 * @param logo the name of its picture; nothing where it has none
 */
public record Organization(
        String id,
        String name,
        String subdomain,
        boolean operator,
        String state,
        OrganizationSettings settings,
        @Nullable Deletion deletion,
        @Nullable String logo,
        long version,
        long createdAt) {

    /**
     * When it was deleted, in microseconds since 1970.
     *
     * @param keptUntil from when on it is erased
     */
    public record Deletion(long at, long keptUntil) {}

    /** As verifiers are told of it. */
    public FeedChange.Organization change() {
        return new FeedChange.Organization(id, subdomain, operator, suspended(), version);
    }

    /** Whether it is suspended or deleted, so that neither its keys nor its members can do anything. */
    public boolean suspended() {
        return !state.equals("active");
    }

    /** @throws ProblemException if it is suspended or deleted */
    public void requireActive() {
        if (deletion != null) {
            throw new ProblemException(new Problem.Forbidden(
                    Sentence.of("problem.organization-deleted", name, Times.text(deletion.keptUntil()))));
        }
        if (suspended()) {
            throw new ProblemException(new Problem.Forbidden(Sentence.of("problem.organization-suspended", name)));
        }
    }

    /** Where everybody finds its logo; nothing where it has none. */
    public @Nullable String logoAddress() {
        return logo == null ? null : LogoPage.address(logo);
    }

    AuditEvent.Target target() {
        return new AuditEvent.Target("organization", id, name);
    }
}
