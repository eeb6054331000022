package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Committed;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Sentence;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turning organizations off and on.
 *
 * <p>Guarantee: when {@link #suspend} or {@link #delete} has returned, no verification that is sent afterwards is {@code VALID}
 * for a key of the organization, and none of its members changes anything.
 */
public final class OrganizationStates {
    private final Store store;
    private final Proof proof;
    private final long keptMicros;
    private final AccountSql sql = new AccountSql();
    private final DeletionSql deletions = new DeletionSql();
    private final MemberSql members = new MemberSql();

    /** Tells how it is known that a change is in force. */
    public interface Proof {
        /** Waits until it is for the keys of an organization, on every node. */
        Record of(Committed<?> change, String organizationId);

        /** Waits for nobody: of a change that refuses nothing. */
        Record here(Committed<?> change);
    }

    /** @param kept how long an organization that is deleted can be restored */
    public OrganizationStates(Store store, Proof proof, Duration kept) {
        this.store = store;
        this.proof = proof;
        this.keptMicros = kept.toSeconds() * 1_000_000;
    }

    /** @param confirmation how it is known that every verifier knows */
    public record Confirmed(Organization organization, Record confirmation) {}

    /**
     * Turns off every key of the organization, and its members with it. What is so already is confirmed again.
     *
     * @throws ProblemException if it is deleted
     */
    public Confirmed suspend(Caller caller, String id) {
        requireOperator(caller, id);
        return confirmed(id, caller.change(store, tx -> {
            Organization before = customer(tx, caller, id);
            if (before.deletion() != null) {
                throw new ProblemException(new Problem.Conflict(Sentence.of("problem.deleted-already", before.name())));
            }
            if (before.suspended()) {
                return Change.none(before);
            }
            deletions.become(tx, id, "suspended");
            return changed(tx, before, AuditAction.ORGANIZATION_SUSPENDED, List.of(id));
        }));
    }

    /**
     * Takes a suspension or a deletion back: everything is as it was. What was suspended when it was deleted is suspended again, and
     * resumed by the next call.
     */
    public Confirmed resume(Caller caller, String id) {
        requireOperator(caller, id);
        return confirmed(id, caller.change(store, tx -> {
            Organization before = customer(tx, caller, id);
            if (!before.suspended()) {
                return Change.none(before);
            }
            if (before.deletion() != null) {
                deletions.restore(tx, id);
                return changed(tx, before, AuditAction.ORGANIZATION_RESUMED, trails(sql, tx, id));
            }
            deletions.become(tx, id, "active");
            return changed(tx, before, AuditAction.ORGANIZATION_RESUMED, List.of(id));
        }));
    }

    /**
     * Turns off every key of the organization, ends the sessions of its members, and has all of it erased when the time is over
     * in which the operator can restore it. What is so already is confirmed again, and its time is not prolonged.
     */
    public Confirmed delete(Caller caller, String id) {
        requireGovernor(caller, id);
        return confirmed(id, caller.change(store, tx -> {
            Organization before = customer(tx, caller, id);
            if (before.deletion() != null) {
                return Change.none(before);
            }
            deletions.endSessions(tx, id);
            deletions.delete(tx, id, tx.at() + keptMicros);
            return changed(tx, before, AuditAction.ORGANIZATION_DELETED, trails(sql, tx, id));
        }));
    }

    /** @param members how many it has */
    record Deletable(Organization organization, long members) {}

    /** The organization, which the caller may delete. */
    Deletable deletable(Caller caller, String id) {
        requireGovernor(caller, id);
        return store.read(tx -> new Deletable(customer(tx, caller, id), members.count(tx, id)));
    }

    /** From when on an organization is erased that is deleted now. */
    long keptUntil(Caller caller) {
        return caller.at() + keptMicros;
    }

    private void requireOperator(Caller caller, String id) {
        requireVisible(caller, id);
        caller.requireOperator();
    }

    private void requireGovernor(Caller caller, String id) {
        requireVisible(caller, id);
        caller.require(Right.GOVERN);
    }

    /** To everybody but the operator, other organizations are not there. */
    private void requireVisible(Caller caller, String id) {
        if (!caller.operator()) {
            store.read(tx -> Organizations.visible(sql, tx, caller, id));
        }
    }

    /** @throws ProblemException if it is the one that runs the installation */
    private Organization customer(Tx tx, Caller caller, String id) {
        Organization organization = Organizations.visible(sql, tx, caller, id);
        if (organization.operator()) {
            throw new ProblemException(
                    new Problem.Conflict(Sentence.of("problem.operators-organization", organization.name())));
        }
        return organization;
    }

    /** @param trails the organizations whose trails tell of it */
    private Change<Organization> changed(Tx tx, Organization before, AuditAction action, List<String> trails) {
        Organization after = sql.organization(tx, before.id()).orElseThrow();
        return new Change<>(
                after,
                trails.stream()
                        .map(trail -> new AuditEvent(trail, action, after.target(), told(before), told(after)))
                        .toList(),
                List.of(new FeedDraft(after.id(), after.change(), after.suspended())));
    }

    private static Map<String, ?> told(Organization organization) {
        Organization.@Nullable Deletion deletion = organization.deletion();
        return deletion == null
                ? Map.of("state", organization.state())
                : Map.of("state", organization.state(), "keptUntil", Times.text(deletion.keptUntil()));
    }

    /** The organization's own trail and that of whoever runs the installation, in the order in which they are locked. */
    static List<String> trails(AccountSql sql, Tx tx, String id) {
        Optional<String> operator = sql.operatorOrganization(tx);
        return Stream.concat(Stream.of(id), operator.stream()).sorted().toList();
    }

    private Confirmed confirmed(String id, Committed<Organization> done) {
        return new Confirmed(done.result(), done.result().suspended() ? proof.of(done, id) : proof.here(done));
    }
}
