package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import dev.keyrack.verifier.TokenFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Organizations, their owners, and personal tokens. */
public final class Accounts {
    private final Store store;
    private final AccountSql sql = new AccountSql();
    private final MemberSql members = new MemberSql();
    private final Ids ids;
    private final String brand;

    public Accounts(Store store, Ids ids, String brand) {
        this.store = store;
        this.ids = ids;
        this.brand = brand;
    }

    /** An organization with its first owner, whose token is shown this once. */
    public record Founded(Organization organization, Member owner, Secret token) {}

    /** Whether nobody has set this installation up yet. */
    public boolean empty() {
        return store.read(tx -> !sql.anyOrganization(tx));
    }

    /**
     * Makes the first organization, which runs the installation.
     *
     * @throws ProblemException if there is an organization already
     */
    Answer setUp(Caller caller, String name, String subdomain, String email, Creation<Founded> creation) {
        return caller.change(store, creation.once(tx -> {}, tx -> {
                    requireNobody(tx);
                    return found(tx, name, subdomain, email, true);
                }))
                .result();
    }

    /**
     * Makes the first organization, which runs the installation, for an Owner with a password and no personal token.
     *
     * @param hash of the password
     * @throws ProblemException if there is an organization already
     */
    Welcome.Arrived welcome(Cause cause, Welcome.First first, String hash) {
        return store.change(cause, tx -> {
                    requireNobody(tx);
                    Begun begun = begin(tx, first.organization(), first.subdomain(), first.email(), first.name(), true);
                    members.setPassword(tx, begun.owner().id(), hash);
                    return begun.change(new Welcome.Arrived(begun.organization(), begun.owner()), List.of());
                })
                .result();
    }

    /** Until the commit, there is no organization and nobody else makes one. */
    private void requireNobody(Tx tx) {
        sql.lockInstallation(tx);
        if (sql.anyOrganization(tx)) {
            throw new ProblemException(new Problem.Conflict(Sentence.of("problem.set-up-already")));
        }
    }

    /** Makes a further organization, for the operator. */
    Answer create(Caller caller, String name, String subdomain, String email, Creation<Founded> creation) {
        caller.requireOperator();
        return caller.change(store, creation.once(tx -> {}, tx -> found(tx, name, subdomain, email, false)))
                .result();
    }

    private Change<Founded> found(Tx tx, String name, String subdomain, String email, boolean operator) {
        Begun begun = begin(tx, name, subdomain, email, "", operator);
        Member owner = begun.owner();
        TokenFormat.Minted minted = TokenFormat.mint(brand, TokenFormat.PERSONAL_TAG, ids.random());
        sql.putToken(tx, owner.id(), minted.id().value(), minted.digest().text());
        return begun.change(
                new Founded(begun.organization(), owner, minted.token()),
                List.of(tokenEvent(AuditAction.TOKEN_CREATED, owner, minted.id().value())));
    }

    /** An organization with its first Owner, as both stand in the store. */
    private record Begun(Organization organization, Member owner) {
        /** @param more what was done beside making the two */
        <T> Change<T> change(T result, List<AuditEvent> more) {
            List<AuditEvent> events = new ArrayList<>(List.of(
                    new AuditEvent(
                            organization.id(),
                            AuditAction.ORGANIZATION_CREATED,
                            organization.target(),
                            null,
                            Map.of(
                                    "name",
                                    organization.name(),
                                    "subdomain",
                                    organization.subdomain(),
                                    "operator",
                                    organization.operator())),
                    new AuditEvent(
                            organization.id(),
                            AuditAction.MEMBER_CREATED,
                            owner.target(),
                            null,
                            Map.of("email", owner.email(), "role", owner.role().text()))));
            events.addAll(more);
            return new Change<>(
                    result, events, List.of(new FeedDraft(organization.id(), organization.change(), false)));
        }
    }

    private Begun begin(Tx tx, String name, String subdomain, String email, String ownerName, boolean operator) {
        if (sql.taken(tx, subdomain)) {
            throw new ProblemException(Problem.Conflict.at("/subdomain", Sentence.of("problem.subdomain-taken")));
        }
        Organization organization = new Organization(
                ids.next("org"),
                name,
                subdomain,
                operator,
                "active",
                OrganizationSettings.NONE,
                null,
                null,
                1,
                tx.at());
        Member owner = new Member(ids.next("mem"), organization.id(), email, ownerName, Role.OWNER, 1, tx.at());
        sql.insert(tx, organization);
        members.insert(tx, owner);
        return new Begun(organization, owner);
    }

    /** The organization that runs the installation; nothing before it was set up. */
    public Optional<String> operatorOrganization(Tx tx) {
        return sql.operatorOrganization(tx);
    }

    Optional<AccountSql.Credential> credential(Member member) {
        return store.read(tx -> sql.credential(tx, member.id()));
    }

    /** Gives the caller a new personal token. The former one stops as this returns. */
    Answer replaceToken(Caller caller, Creation<Secret> creation) {
        Member member = requireMember(caller);
        TokenFormat.Minted minted = TokenFormat.mint(brand, TokenFormat.PERSONAL_TAG, ids.random());
        return caller.change(store, creation.once(tx -> {}, tx -> {
                    sql.putToken(
                            tx,
                            member.id(),
                            minted.id().value(),
                            minted.digest().text());
                    Idempotency.erase(tx, member.id());
                    return Change.of(
                            minted.token(),
                            tokenEvent(
                                    AuditAction.TOKEN_REPLACED,
                                    member,
                                    minted.id().value()));
                }))
                .result();
    }

    void deleteToken(Caller caller) {
        Member member = requireMember(caller);
        caller.change(store, tx -> {
            String id = sql.credential(tx, member.id())
                    .map(AccountSql.Credential::id)
                    .orElse("");
            Idempotency.erase(tx, member.id());
            return sql.deleteToken(tx, member.id())
                    ? Change.of(member, tokenEvent(AuditAction.TOKEN_DELETED, member, id))
                    : Change.none(member);
        });
    }

    static AuditEvent tokenEvent(AuditAction action, Member member, String tokenId) {
        return new AuditEvent(
                member.organizationId(),
                action,
                new AuditEvent.Target("token", tokenId, member.email()),
                null,
                Map.of("member", member.id()));
    }

    private static Member requireMember(Caller caller) {
        Member member = caller.member();
        if (member == null) {
            throw new ProblemException(new Problem.Forbidden(Sentence.of("problem.token-of-operator")));
        }
        return member;
    }
}
