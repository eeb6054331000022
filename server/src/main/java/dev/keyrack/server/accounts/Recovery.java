package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import dev.keyrack.verifier.TokenFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How somebody who lost everything gets back in: whoever may makes a link, and the member opens it. For an Owner that is
 * also whoever holds the data folder.
 *
 * <p>Guarantees: a link works once, for an hour, and only until the next one is made; what is stored cannot be turned back
 * into it; until it is used, password, sessions and token go on working.
 */
public final class Recovery {
    private static final long LIFE_MICROS = 3_600_000_000L;

    private final Store store;
    private final RecoverySql sql = new RecoverySql();
    private final AccountSql accounts = new AccountSql();
    private final MemberSql members = new MemberSql();
    private final Seniority seniority = new Seniority();
    private final RandomGenerator random;
    private final String brand;
    private final DeniedCalls denied;
    private final ChosenPasswords passwords;

    /** @param random a cryptographically strong source */
    public Recovery(Store store, RandomGenerator random, String brand, DeniedCalls denied, ChosenPasswords passwords) {
        this.store = store;
        this.random = random;
        this.brand = brand;
        this.denied = denied;
        this.passwords = passwords;
    }

    /** A link that was made, with the code that is shown this once. */
    record Offered(Member member, OneTimeCode code, long endsAt) {}

    /** A member who is back, with a new personal token that is shown this once. */
    record Recovered(Member member, Secret token) {}

    /**
     * Makes a link for the Owner with this address.
     *
     * @param organization where to look; nothing for everywhere
     * @throws ProblemException if there is no such Owner, or if there is one in several organizations
     */
    Offered offer(Caller caller, String email, @Nullable Organization organization) {
        OneTimeCode code = OneTimeCode.next(random);
        return caller.change(store, tx -> {
                    List<Member> owners = sql.owners(tx, email, organization == null ? "" : organization.id());
                    if (owners.isEmpty()) {
                        throw new ProblemException(
                                Problem.InvalidRequest.at("/email", Sentence.of("problem.no-such-owner")));
                    }
                    if (owners.size() > 1) {
                        throw new ProblemException(Problem.InvalidRequest.at(
                                Authentication.ORGANIZATION, Sentence.of("problem.several-owners")));
                    }
                    return offered(tx, owners.getFirst(), code);
                })
                .result();
    }

    /** The Owners of an organization, for the operator. */
    List<Member> owners(Caller caller, String organizationId) {
        caller.requireOperator();
        return store.read(tx -> sql.ownersOf(tx, organizationId));
    }

    /** Makes a link for an Owner of any organization but the caller's own, for the operator. */
    Offered offerToOwner(Caller caller, String organizationId, String id) {
        caller.requireOperator();
        Organization own = caller.organization();
        if (own != null && own.id().equals(organizationId)) {
            throw new ProblemException(new Problem.Forbidden(Sentence.of("problem.own-organization-link")));
        }
        OneTimeCode code = OneTimeCode.next(random);
        return caller.change(store, tx -> {
                    requireActive(tx, organizationId);
                    Member owner = members.member(tx, organizationId, id)
                            .filter(member -> member.role() == Role.OWNER)
                            .orElseThrow(() -> new ProblemException(new Problem.NotFound()));
                    return offered(tx, owner, code);
                })
                .result();
    }

    /** Makes a link for a member whom the caller's role manages. */
    public String offerTo(Caller caller, String id, String base) {
        return offerTo(caller, id).code().link(base, "recover");
    }

    Offered offerTo(Caller caller, String id) {
        caller.require(Right.MANAGE);
        String organization = caller.requireOrganization().id();
        OneTimeCode code = OneTimeCode.next(random);
        return caller.change(store, tx -> {
                    Seniority.Of by = seniority.of(tx, caller, organization);
                    Member member = members.member(tx, organization, id)
                            .orElseThrow(() -> new ProblemException(new Problem.NotFound()));
                    if (by.is(member)) {
                        // Else whoever gets hold of a personal token makes a password of it, which outlives the token.
                        throw new ProblemException(new Problem.Forbidden(Sentence.of("problem.own-link")));
                    }
                    by.requireManages(member.role());
                    return offered(tx, member, code);
                })
                .result();
    }

    /** Makes a link that Keyrack itself sends to the member. */
    Offered offerByMail(Cause cause, Member member) {
        OneTimeCode code = OneTimeCode.next(random);
        return store.change(cause, tx -> offered(tx, member, code)).result();
    }

    private Change<Offered> offered(Tx tx, Member member, OneTimeCode code) {
        long endsAt = tx.at() + LIFE_MICROS;
        sql.put(tx, member.id(), code.digest(), endsAt);
        return Change.of(
                new Offered(member, code, endsAt),
                new AuditEvent(
                        member.organizationId(), AuditAction.MEMBER_RECOVERY_OFFERED, member.target(), null, null));
    }

    /**
     * Gives the member behind this code a new personal token in place of the former, and ends the link.
     *
     * @throws ProblemException with one answer for every code that is not good; or if the organization is suspended or deleted, and
     *     then the link stays good
     */
    Recovered use(Secret code, @Nullable String address, String requestId) {
        String digest = new OneTimeCode(code).digest();
        RecoverySql.Holder holder = holder(digest, address);
        Member member = holder.member();
        TokenFormat.Minted minted = TokenFormat.mint(brand, TokenFormat.PERSONAL_TAG, random);
        return use(digest, member, address, requestId, tx -> {
            String id = minted.id().value();
            accounts.putToken(tx, member.id(), id, minted.digest().text());
            Idempotency.erase(tx, member.id());
            return Change.of(
                    new Recovered(member, minted.token()), Accounts.tokenEvent(AuditAction.TOKEN_REPLACED, member, id));
        });
    }

    /**
     * Gives the member behind this code the password that they chose, ends all their sessions, and ends the link. Their
     * personal token stays as it is.
     *
     * @throws ProblemException with one answer for every code that is not good; or if the password may not be chosen, or the
     *     organization is suspended or deleted, and then the link stays good
     */
    public Member choosePassword(Secret code, Secret password, @Nullable String address, String requestId) {
        String digest = new OneTimeCode(code).digest();
        RecoverySql.Holder holder = holder(digest, address);
        Member member = holder.member();
        String hash = passwords.hashOf(password, "/password", member.email(), holder.organization());
        return use(digest, member, address, requestId, tx -> {
            members.setPassword(tx, member.id(), hash);
            members.endSessions(tx, member.id(), null);
            return Change.of(member, ChosenPasswords.changed(member, "a one-time link"));
        });
    }

    private RecoverySql.Holder holder(String digest, @Nullable String address) {
        return store.read(tx -> sql.holder(tx, digest)).orElseThrow(() -> notGood(address));
    }

    private <T> T use(
            String digest, Member member, @Nullable String address, String requestId, Function<Tx, Change<T>> work) {
        Actor actor = new Actor(Actor.Kind.MEMBER, member.id(), member.email());
        Optional<T> done = store.change(new Cause(actor, address, requestId), tx -> {
                    requireActive(tx, member.organizationId());
                    return sql.use(tx, digest) ? work.apply(tx).map(Optional::of) : Change.none(Optional.<T>empty());
                })
                .result();
        return done.orElseThrow(() -> notGood(address));
    }

    /** Until the commit it is neither suspended nor deleted by anybody else. */
    private void requireActive(Tx tx, String organizationId) {
        accounts.organization(tx, organizationId)
                .orElseThrow(() -> new ProblemException(new Problem.NotFound()))
                .requireActive();
    }

    private ProblemException notGood(@Nullable String address) {
        denied.count(address, new DeniedCalls.Tried(DeniedCalls.Why.LINK));
        return new ProblemException(new Problem.Unauthenticated(Sentence.of("problem.link-not-good")));
    }
}
