package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Member;
import dev.keyrack.server.accounts.Organization;
import dev.keyrack.server.accounts.Owner;
import dev.keyrack.server.accounts.Owners;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.feed.Confirmation;
import dev.keyrack.server.feed.Confirmations;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.permissions.PermissionCatalogue;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Committed;
import dev.keyrack.server.store.FeedDraft;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Keyset;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Fault;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import dev.keyrack.verifier.Simulation;
import dev.keyrack.verifier.TokenFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * API keys: their rules and their transactions.
 *
 * <p>Guarantees: a method that narrows a key returns when the change is in force; a revoked key never changes again; the
 * token of a secret type leaves this class once, as it is made. {@code match} is called with the version a change is
 * about to be made to, and may refuse.
 */
public final class Credentials {
    private final Store store;
    private final KeyTokens tokens;
    private final Projects projects;
    private final PermissionCatalogue catalogue;
    private final Confirmations confirmations;
    private final CredentialSql sql = new CredentialSql();
    private final KeyAccess access = new KeyAccess(sql);
    private final Owners owners = new Owners();
    private final KeyListSql lists = new KeyListSql();
    private final ExpirySql expiry = new ExpirySql();

    public Credentials(
            Store store,
            Keyset keyset,
            Ids ids,
            String brand,
            Projects projects,
            PermissionCatalogue catalogue,
            Confirmations confirmations) {
        this.store = store;
        this.tokens = new KeyTokens(keyset, ids, brand);
        this.projects = projects;
        this.catalogue = catalogue;
        this.confirmations = confirmations;
    }

    /** What gives keys new tokens. */
    Rotation rotation() {
        return new Rotation(store, sql, access, tokens, this);
    }

    /** A key with the token that was just made for it. */
    record Issued(Key key, Secret token) {}

    /** A result, and the proof that it is in force. */
    record Confirmed<T>(T result, Confirmation confirmation) {}

    Answer create(Caller caller, NewKey wanted, Creation<Issued> creation) {
        return create(caller, wanted, creation, tx -> {});
    }

    /** @param room refuses where there is none for another key; nobody else makes one in the project meanwhile */
    Answer create(Caller caller, NewKey wanted, Creation<Issued> creation, Consumer<Tx> room) {
        String organization = caller.requireOrganization().id();
        TokenFormat.Minted minted = tokens.mint(wanted.type());
        return caller.change(store, creation.once(tx -> requireMayMake(tx, caller, wanted), tx -> {
                    room.accept(tx);
                    PermissionCatalogue.Judged given = catalogue.judge(tx, wanted.type(), wanted.permissions());
                    Key key = new Key(
                            minted.id(),
                            organization,
                            wanted.projectId(),
                            wanted.type(),
                            wanted.name(),
                            tokens.mask(wanted.type(), minted.id()),
                            KeyState.ACTIVE,
                            1,
                            1,
                            wanted.permissions(),
                            given.asOf(),
                            wanted.expiresAt(),
                            wanted.restrictions(),
                            wanted.metadata(),
                            wanted.source(),
                            Owners.making(caller),
                            new Key.Deed(tx.at(), caller.actor()),
                            tx.at(),
                            null,
                            List.of(new Key.Token(1, tx.at(), null)));
                    KeyRules.check(key, given.refusals(), KeyRules.late(wanted, tx.at()));
                    sql.insert(tx, key);
                    expiry.plan(tx, key);
                    sql.insertToken(tx, key.id(), 1, minted.digest(), tokens.sealed(key, 1, minted.token()));
                    return Change.of(
                            new Issued(key, minted.token()),
                            KeyAudit.event(AuditAction.KEY_CREATED, key, null, KeyAudit.described(key)),
                            entry(tx, key, false));
                }))
                .result();
    }

    private void requireMayMake(Tx tx, Caller caller, NewKey wanted) {
        caller.only(Right.CHANGE_KEYS);
        KeyAccess.requireMayGive(caller, wanted.permissions());
        if (!projects.has(tx, caller, wanted.projectId())) {
            throw new ProblemException(Problem.InvalidRequest.at("/projectId", Sentence.of("problem.no-such-project")));
        }
    }

    Key get(Caller caller, String id) {
        return store.read(tx -> access.require(tx, caller, Right.SEE_KEYS, id));
    }

    /** The key, which the caller may change. */
    Key changeable(Caller caller, String id) {
        return store.read(tx -> access.require(tx, caller, Right.CHANGE_KEYS, id));
    }

    /**
     * A web key, for other slices inside their own transaction.
     *
     * @throws ProblemException if the caller does not see it, may not do this with it, or it is of another type
     */
    public WebKey webKey(Tx tx, Caller caller, Right right, String id) {
        return WebKey.of(access.require(tx, caller, right, id))
                .orElseThrow(() -> new ProblemException(new Problem.NotFound()));
    }

    /** A web key whoever asks, for what visitors see of it. */
    public Optional<WebKey> webKey(Tx tx, String id) {
        return sql.key(tx, id).flatMap(WebKey::of);
    }

    /** What every page about this key shows. */
    public KeyTab tab(Caller caller, String id) {
        return KeyTab.of(caller, get(caller, id), projects);
    }

    /** The key, to be asked what it would be answered with. */
    Simulation simulation(Caller caller, String id) {
        Organization organization = caller.requireOrganization();
        return store.read(tx -> {
            List<FeedChange> around = new ArrayList<>(List.of(organization.change()));
            catalogue.forVerifiers(tx).ifPresent(around::add);
            return new Simulation(around, forVerifiers(tx, access.require(tx, caller, Right.DIAGNOSE_KEYS, id)));
        });
    }

    /** @throws ProblemException if the caller may not see why this key is refused */
    void requireDiagnosis(Caller caller, String id) {
        store.read(tx -> access.require(tx, caller, Right.DIAGNOSE_KEYS, id));
    }

    Page<Key> list(Caller caller, ListQuery query) {
        String organization = caller.requireOrganization().id();
        Set<String> owners = owners(caller, query);
        return Page.of(
                store.read(tx -> lists.page(tx, organization, owners, query)),
                query,
                key -> KeyListSql.cursor(query, key));
    }

    /** Whose keys the caller may see, and whose they ask for. */
    private static Set<String> owners(Caller caller, ListQuery query) {
        Set<String> owners = new HashSet<>();
        Optional.ofNullable(caller.only(Right.SEE_KEYS)).ifPresent(owners::add);
        query.one("owner")
                .map(wanted -> wanted.equals("me") ? me(caller) : wanted)
                .ifPresent(owners::add);
        return owners;
    }

    /** How many keys of an organization could be answered VALID. */
    public long working(String organizationId) {
        return store.read(tx -> lists.working(tx, organizationId));
    }

    private static String me(Caller caller) {
        Member member = caller.member();
        if (member == null) {
            throw new ProblemException(Problem.InvalidRequest.at("?owner", Sentence.of("problem.owner-of-operator")));
        }
        return member.id();
    }

    /** Waits for every node, unless only what no verifier knows was to be changed. A repeated call waits again. */
    Confirmed<Key> update(Caller caller, String id, KeyPatch patch, LongConsumer match) {
        String organization = caller.requireOrganization().id();
        Committed<Key> done = caller.change(store, tx -> {
            Key before = access.changeable(tx, caller, Right.CHANGE_KEYS, id, match);
            if (patch.ownerId().isPresent()) {
                caller.require(Right.CHANGE_KEYS);
            }
            PermissionCatalogue.Judged given = patch.permissions()
                    .map(list -> catalogue.judge(tx, before.type(), list.orElse(null)))
                    .orElse(PermissionCatalogue.Judged.NOTHING);
            Owner owner = patch.ownerId()
                    .map(member -> owners.require(tx, organization, member))
                    .orElse(before.owner());
            Key wanted = patch.applyTo(before, owner, given.asOf());
            KeyAccess.requireMayEdit(caller, before, wanted);
            KeyRules.check(wanted, given.refusals(), patch.refusals(wanted));
            if (wanted.equals(before)) {
                return Change.none(before);
            }
            sql.update(tx, wanted);
            if (!Objects.equals(before.expiresAt(), wanted.expiresAt())) {
                expiry.plan(tx, wanted);
            }
            Key after = access.again(tx, before);
            AuditEvent event = KeyAudit.event(
                    AuditAction.KEY_UPDATED,
                    after,
                    KeyAudit.difference(before, after),
                    KeyAudit.difference(after, before));
            boolean verifiersMustKnow = !Objects.equals(before.permissions(), after.permissions())
                    || before.permissionsAsOf() != after.permissionsAsOf()
                    || !Objects.equals(before.expiresAt(), after.expiresAt())
                    || !before.restrictions().equals(after.restrictions());
            return verifiersMustKnow ? Change.of(after, event, entry(tx, after, true)) : Change.of(after, event);
        });
        return patch.concernsVerifiers() ? confirmed(done, organization) : confirmedHere(done);
    }

    Confirmed<Key> disable(Caller caller, String id, LongConsumer match) {
        return setState(caller, id, KeyState.DISABLED, AuditAction.KEY_DISABLED, match);
    }

    Confirmed<Key> enable(Caller caller, String id, LongConsumer match) {
        return setState(caller, id, KeyState.ACTIVE, AuditAction.KEY_ENABLED, match);
    }

    private Confirmed<Key> setState(Caller caller, String id, KeyState state, AuditAction action, LongConsumer match) {
        String organization = caller.requireOrganization().id();
        Committed<Key> done = caller.change(store, tx -> {
            Key before = access.changeable(tx, caller, Right.DIAGNOSE_KEYS, id, match);
            return before.state() == state ? Change.none(before) : moved(tx, before, state, action, caller);
        });
        return state == KeyState.ACTIVE ? confirmedHere(done) : confirmed(done, organization);
    }

    /** Turns a key off for good. Repeating it waits again for the confirmation, and changes nothing. */
    Confirmed<Key> revoke(Caller caller, String id, LongConsumer match) {
        String organization = caller.requireOrganization().id();
        return confirmed(
                caller.change(store, tx -> {
                    Key before = access.require(tx, caller, Right.CHANGE_KEYS, id);
                    if (before.state() == KeyState.REVOKED) {
                        return Change.none(before);
                    }
                    match.accept(before.version());
                    endTokens(tx, before.id());
                    return moved(tx, before, KeyState.REVOKED, AuditAction.KEY_REVOKED, caller);
                }),
                organization);
    }

    private Change<Key> moved(Tx tx, Key before, KeyState state, AuditAction action, Caller caller) {
        sql.setState(tx, before.id(), state, caller.actor());
        Key after = before.moved(state, new Key.Deed(tx.at(), caller.actor()));
        if (state == KeyState.REVOKED && Fault.CHANGE_OUTSIDE_STORE.planted()) {
            return Change.none(after);
        }
        return Change.of(
                after,
                KeyAudit.event(
                        action,
                        after,
                        Map.of("state", before.state().text()),
                        Map.of("state", after.state().text())),
                entry(tx, after, state != KeyState.ACTIVE));
    }

    /** Ends every token that still works, wherever it could still be had from. */
    void endTokens(Tx tx, KeyId id) {
        sql.endTokens(tx, id);
        Idempotency.erase(tx, id.value());
    }

    /**
     * Shows the newest token of a publishable key again.
     *
     * @throws ProblemException for secret types, whose tokens nobody can recover, and for revoked keys
     */
    Secret reveal(Caller caller, String id) {
        return caller.change(store, tx -> {
                    Key key = access.require(tx, caller, Right.CHANGE_KEYS, id);
                    if (!key.type().publishable()) {
                        throw new ProblemException(new Problem.Forbidden(Sentence.of(
                                "problem.token-shown-once", key.type().text())));
                    }
                    KeyRules.requireNotRevoked(key);
                    String ciphertext = sql.ciphertext(tx, key.id(), key.generation())
                            .orElseThrow(() -> new IllegalStateException("a publishable token has no ciphertext"));
                    return Change.of(
                            tokens.opened(key, ciphertext),
                            KeyAudit.event(
                                    AuditAction.KEY_REVEALED, key, null, Map.of("generation", key.generation())));
                })
                .result();
    }

    /** Of a change that refuses nothing. */
    private <T> Confirmed<T> confirmedHere(Committed<T> done) {
        return new Confirmed<>(done.result(), confirmations.here(done));
    }

    <T> Confirmed<T> confirmed(Committed<T> done, String organization) {
        return new Confirmed<>(done.result(), confirmations.of(done, organization));
    }

    FeedDraft entry(Tx tx, Key key, boolean narrows) {
        return new FeedDraft(key.organizationId(), forVerifiers(tx, key), narrows);
    }

    /** The key as verifiers are told of it. */
    private FeedChange.Key forVerifiers(Tx tx, Key key) {
        Long expiresAt = key.expiresAt();
        return new FeedChange.Key(
                key.id(),
                key.organizationId(),
                key.projectId(),
                key.type(),
                key.state(),
                key.version(),
                sql.tokens(tx, key.id()),
                expiresAt == null ? FeedChange.NEVER : expiresAt,
                key.permissions(),
                key.permissionsAsOf(),
                key.restrictions().forVerifiers());
    }

    /** For counting and listing by other slices' pages: the sorts that the list offers. */
    static List<String> sorts() {
        return List.of("-createdAt", "createdAt", "name", "-name", "type", "-type");
    }
}
