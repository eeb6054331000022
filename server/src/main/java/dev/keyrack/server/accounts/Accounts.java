package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.TokenFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

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
                    sql.lockInstallation(tx);
                    if (sql.anyOrganization(tx)) {
                        throw new ProblemException(new Problem.Conflict(
                                "This store is in use: it was set up already. Nothing was changed."));
                    }
                    return found(tx, name, subdomain, email, true);
                }))
                .result();
    }

    /** Makes a further organization, for the operator. */
    Answer create(Caller caller, String name, String subdomain, String email, Creation<Founded> creation) {
        caller.requireOperator();
        return caller.change(store, creation.once(tx -> {}, tx -> found(tx, name, subdomain, email, false)))
                .result();
    }

    private Change<Founded> found(Tx tx, String name, String subdomain, String email, boolean operator) {
        if (sql.bySubdomain(tx, subdomain).isPresent()) {
            throw new ProblemException(
                    Problem.Conflict.at("/subdomain", "is taken by another organization; choose another"));
        }
        Organization organization = new Organization(ids.next("org"), name, subdomain, operator, "active", 1, tx.at());
        Member owner = new Member(ids.next("mem"), organization.id(), email, "", Role.OWNER, 1, tx.at());
        TokenFormat.Minted minted = TokenFormat.mint(brand, TokenFormat.PERSONAL_TAG, ids.random());
        sql.insert(tx, organization);
        members.insert(tx, owner);
        sql.putToken(tx, owner.id(), minted.id().value(), minted.digest().text());
        return new Change<>(
                new Founded(organization, owner, minted.token()),
                List.of(
                        new AuditEvent(
                                organization.id(),
                                AuditAction.ORGANIZATION_CREATED,
                                organization.target(),
                                null,
                                Map.of("name", name, "subdomain", subdomain, "operator", operator)),
                        new AuditEvent(
                                organization.id(),
                                AuditAction.MEMBER_CREATED,
                                new AuditEvent.Target("member", owner.id(), email),
                                null,
                                Map.of("email", email, "role", owner.role().text())),
                        tokenEvent(AuditAction.TOKEN_CREATED, owner, minted.id().value())),
                List.of(new FeedDraft(organization.id(), organization.change(), false)));
    }

    Page<Organization> organizations(Caller caller, ListQuery query) {
        String only = caller.operator() ? null : caller.requireOrganization().id();
        return Page.of(
                store.read(tx -> sql.organizations(tx, query, only)),
                query,
                o -> new Cursor(query.sort(), List.of(o.subdomain())));
    }

    Organization organization(Caller caller, String id) {
        return store.read(tx -> visible(tx, caller, id));
    }

    /** @param name nothing when it shall stay */
    Organization rename(Caller caller, String id, @Nullable String name, LongConsumer match) {
        return caller.change(store, tx -> {
                    Organization before = visible(tx, caller, id);
                    caller.require(Right.MANAGE);
                    match.accept(before.version());
                    if (name == null || before.name().equals(name)) {
                        return Change.none(before);
                    }
                    sql.rename(tx, id, name);
                    Organization after = visible(tx, caller, id);
                    return Change.of(
                            after,
                            new AuditEvent(
                                    id,
                                    AuditAction.ORGANIZATION_RENAMED,
                                    after.target(),
                                    Map.of("name", before.name()),
                                    Map.of("name", name)));
                })
                .result();
    }

    /** The organization that runs the installation; nothing before it was set up. */
    public Optional<String> operatorOrganization(Tx tx) {
        return sql.operatorOrganization(tx);
    }

    private Organization visible(Tx tx, Caller caller, String id) {
        Organization own = caller.organization();
        if (!caller.operator() && (own == null || !own.id().equals(id))) {
            throw new ProblemException(new Problem.NotFound());
        }
        return sql.organization(tx, id).orElseThrow(() -> new ProblemException(new Problem.NotFound()));
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
            throw new ProblemException(new Problem.Forbidden(
                    "Only a member has a personal token; the operator on this machine has none."));
        }
        return member;
    }
}
