package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Sentence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The members of an organization, and what becomes of them.
 *
 * <p>Guarantees: an organization always has an Owner; nobody makes a member of a role that theirs does not manage, and
 * nobody raises themselves; whoever is removed can do nothing from the moment that the call returns, and what they owned
 * has an owner. Changes to the members of one organization are made one after the other, each judged by the roles as they
 * are then.
 */
public final class Members {
    private final Store store;
    private final MemberSql sql = new MemberSql();
    private final DepartureSql departures = new DepartureSql();
    private final Seniority seniority = new Seniority();

    public Members(Store store) {
        this.store = store;
    }

    /**
     * What it takes to remove a member.
     *
     * @param keys how many are theirs, revoked ones included
     * @param onlyOwner whether the organization has no other Owner, so that they have to stay
     */
    public record Departure(Member member, long keys, long projects, boolean onlyOwner) {
        /** Whether somebody has to take over what is theirs. */
        public boolean owns() {
            return keys + projects > 0;
        }
    }

    public Departure departure(Caller caller, String id) {
        requireMayManageOthers(caller, id);
        String organization = caller.requireOrganization().id();
        return store.read(tx -> {
            Member member = member(tx, organization, id);
            DepartureSql.Owned owned = departures.owned(tx, member);
            return new Departure(
                    member,
                    owned.keys(),
                    owned.projects(),
                    member.role() == Role.OWNER
                            && sql.owners(tx, organization, 2).size() < 2);
        });
    }

    /** Somebody who is no longer a member, and how much of theirs went over to another. */
    public record Removed(Member member, long keys, long projects) {}

    public Page<Member> list(Caller caller, ListQuery query) {
        caller.require(Right.MANAGE);
        String organization = caller.requireOrganization().id();
        Cursor after = query.after();
        Long createdAfter = after != null && query.sortedBy().equals("createdAt") ? after.number(0) : null;
        return Page.of(
                store.read(tx -> sql.page(tx, organization, query, createdAfter)),
                query,
                m -> new Cursor(query.sort(), List.of(sortValue(query, m), m.id())));
    }

    private static String sortValue(ListQuery query, Member member) {
        return switch (query.sortedBy()) {
            case "email" -> MemberSql.folded(member.email());
            case "role" -> member.role().text();
            default -> String.valueOf(member.createdAt());
        };
    }

    public Member get(Caller caller, String id) {
        requireMayManageOthers(caller, id);
        String organization = caller.requireOrganization().id();
        return store.read(tx -> member(tx, organization, id));
    }

    /**
     * Gives a member another role or name.
     *
     * @param role nothing when it shall stay
     * @param name nothing when it shall stay, empty for none
     */
    public Member change(Caller caller, String id, @Nullable Role role, @Nullable String name, LongConsumer match) {
        requireMayManageOthers(caller, id);
        String organization = caller.requireOrganization().id();
        return caller.change(store, tx -> {
                    Seniority.Of by = seniority.of(tx, caller, organization);
                    Member before = member(tx, organization, id);
                    match.accept(before.version());
                    Map<String, String> was = new LinkedHashMap<>();
                    Map<String, String> is = new LinkedHashMap<>();
                    if (name != null && !name.equals(before.name())) {
                        if (!by.is(before)) {
                            by.requireManages(before.role());
                        }
                        was.put("name", before.name());
                        is.put("name", name);
                    }
                    if (role != null && role != before.role()) {
                        by.requireMayChange(before, role);
                        if (before.role() == Role.OWNER) {
                            requireAnotherOwner(tx, before);
                        }
                        was.put("role", before.role().text());
                        is.put("role", role.text());
                    }
                    if (is.isEmpty()) {
                        return Change.none(before);
                    }
                    sql.update(tx, id, role == null ? before.role() : role, name == null ? before.name() : name);
                    return Change.of(
                            member(tx, organization, id),
                            new AuditEvent(organization, AuditAction.MEMBER_UPDATED, before.target(), was, is));
                })
                .result();
    }

    /**
     * Ends a membership: the caller's own, or one that the caller's role manages.
     *
     * @param newOwnerId to whom their keys and projects go; needed only when they have any
     */
    public Removed remove(Caller caller, String id, @Nullable String newOwnerId) {
        requireMayManageOthers(caller, id);
        String organization = caller.requireOrganization().id();
        return caller.change(store, tx -> {
                    Seniority.Of by = seniority.of(tx, caller, organization);
                    Member member = member(tx, organization, id);
                    if (!by.is(member)) {
                        by.requireManages(member.role());
                    }
                    if (member.role() == Role.OWNER) {
                        requireAnotherOwner(tx, member);
                    }
                    List<AuditEvent> events = new ArrayList<>();
                    String token = new AccountSql()
                            .credential(tx, id)
                            .map(AccountSql.Credential::id)
                            .orElse("");
                    if (departures.endAccess(tx, id)) {
                        events.add(Accounts.tokenEvent(AuditAction.TOKEN_DELETED, member, token));
                    }
                    Idempotency.erase(tx, id);
                    DepartureSql.Owned owned = departures.owned(tx, member);
                    Member heir = heir(tx, member, owned, newOwnerId);
                    if (heir != null) {
                        departures.handOver(tx, member, heir.id());
                    }
                    departures.delete(tx, id);
                    events.add(removed(member, owned, heir));
                    return new Change<>(new Removed(member, owned.keys(), owned.projects()), events, List.of());
                })
                .result();
    }

    private static AuditEvent removed(Member member, DepartureSql.Owned owned, @Nullable Member heir) {
        return new AuditEvent(
                member.organizationId(),
                AuditAction.MEMBER_REMOVED,
                member.target(),
                Map.of("email", member.email(), "role", member.role().text()),
                heir == null
                        ? null
                        : Map.of(
                                "newOwner", heir.id(),
                                "newOwnerEmail", heir.email(),
                                "keys", owned.keys(),
                                "projects", owned.projects()));
    }

    private @Nullable Member heir(Tx tx, Member leaving, DepartureSql.Owned owned, @Nullable String newOwnerId) {
        if (newOwnerId == null) {
            if (!owned.any()) {
                return null;
            }
            List<Member> owners = sql.owners(tx, leaving.organizationId(), 2);
            Member one = owners.getFirst().id().equals(leaving.id()) ? owners.getLast() : owners.getFirst();
            throw new ProblemException(Problem.Conflict.at(
                    "/newOwnerId",
                    Sentence.of("problem.heir-needed", owned.keys(), owned.projects(), one.id(), one.email())));
        }
        Member heir = newOwnerId.equals(leaving.id())
                ? null
                : sql.member(tx, leaving.organizationId(), newOwnerId).orElse(null);
        if (heir == null || heir.role().reach(Right.CHANGE_KEYS) == Reach.NONE) {
            throw new ProblemException(Problem.InvalidRequest.at("/newOwnerId", Sentence.of("problem.heir-unfit")));
        }
        return heir;
    }

    private void requireAnotherOwner(Tx tx, Member owner) {
        if (sql.owners(tx, owner.organizationId(), 2).size() < 2) {
            throw new ProblemException(new Problem.Conflict(Sentence.of("problem.only-owner", owner.email())));
        }
    }

    /** @throws ProblemException unless the caller may manage members, or is this one */
    static void requireMayManageOthers(Caller caller, String id) {
        Member own = caller.member();
        if (own == null || !own.id().equals(id)) {
            caller.require(Right.MANAGE);
        }
    }

    private Member member(Tx tx, String organization, String id) {
        return sql.member(tx, organization, id).orElseThrow(() -> new ProblemException(new Problem.NotFound()));
    }
}
