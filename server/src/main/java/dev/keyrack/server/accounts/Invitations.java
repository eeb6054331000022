package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How somebody becomes a member.
 *
 * <p>Guarantees: a link works once, for seven days, and only until the next one for the same address is made; what is stored
 * cannot be turned back into it; nobody invites into a role that theirs does not manage.
 */
public final class Invitations {
    static final long LIFE_MICROS = 7L * 24 * 3_600 * 1_000_000;

    /** How long one that has ended is still listed, so that somebody sees why it was of no use. */
    private static final long LISTED_MICROS = 30L * 24 * 3_600 * 1_000_000;

    /** Of one address: signing in tries the passwords of all of them, each of which takes its time. */
    static final int MEMBERSHIPS = 8;

    private final Store store;
    private final Ids ids;
    private final DeniedCalls denied;
    private final ChosenPasswords passwords;
    private final InvitationSql sql = new InvitationSql();
    private final MemberSql members = new MemberSql();
    private final AccountSql accounts = new AccountSql();
    private final Seniority seniority = new Seniority();

    public Invitations(Store store, Ids ids, DeniedCalls denied, ChosenPasswords passwords) {
        this.store = store;
        this.ids = ids;
        this.denied = denied;
        this.passwords = passwords;
    }

    /** An invitation that was made, with the code of its link, which is shown this once. */
    record Invited(Invitation invitation, OneTimeCode code) {}

    /** An address that has an invitation already gets another one in its place. */
    Answer create(Caller caller, String email, Role role, Creation<Invited> creation) {
        caller.require(Right.MANAGE);
        String organization = caller.requireOrganization().id();
        OneTimeCode code = OneTimeCode.next(ids.random());
        return caller.change(
                        store,
                        creation.once(
                                tx -> seniority.of(tx, caller, organization).requireManages(role),
                                tx -> invited(tx, caller, organization, email, role, code)))
                .result();
    }

    private Change<Invited> invited(
            Tx tx, Caller caller, String organization, String email, Role role, OneTimeCode code) {
        if (members.byEmail(tx, organization, email).isPresent()) {
            throw new ProblemException(Problem.Conflict.at("/email", Sentence.of("problem.email-of-member")));
        }
        sql.clear(tx, organization, tx.at() - LISTED_MICROS);
        Invitation invitation = new Invitation(
                ids.next("inv"), organization, email, role, caller.actor(), tx.at(), tx.at() + LIFE_MICROS);
        Optional<Invitation> former = sql.byEmail(tx, organization, email);
        former.ifPresent(f -> end(tx, f));
        sql.insert(tx, invitation, code.digest());
        return Change.of(
                new Invited(invitation, code),
                new AuditEvent(
                        organization,
                        AuditAction.INVITATION_CREATED,
                        invitation.target(),
                        former.map(f -> Map.of(
                                        "invitation", f.id(), "role", f.role().text()))
                                .orElse(null),
                        Map.of("email", email, "role", role.text())));
    }

    private void end(Tx tx, Invitation invitation) {
        sql.delete(tx, invitation.id());
        Idempotency.erase(tx, invitation.id());
    }

    public Page<Invitation> list(Caller caller, ListQuery query) {
        caller.require(Right.MANAGE);
        String organization = caller.requireOrganization().id();
        Cursor after = query.after();
        Long createdBefore = after == null ? null : after.number(0);
        return Page.of(
                store.read(tx -> sql.page(tx, organization, query, createdBefore)),
                query,
                i -> new Cursor(query.sort(), List.of(String.valueOf(i.createdAt()), i.id())));
    }

    /** Its link stops working. */
    public Invitation delete(Caller caller, String id) {
        caller.require(Right.MANAGE);
        String organization = caller.requireOrganization().id();
        return caller.change(store, tx -> {
                    Seniority.Of by = seniority.of(tx, caller, organization);
                    Invitation invitation = sql.byId(tx, organization, id)
                            .orElseThrow(() -> new ProblemException(new Problem.NotFound()));
                    by.requireManages(invitation.role());
                    end(tx, invitation);
                    return Change.of(
                            invitation,
                            new AuditEvent(
                                    organization,
                                    AuditAction.INVITATION_DELETED,
                                    invitation.target(),
                                    Map.of(
                                            "email", invitation.email(),
                                            "role", invitation.role().text()),
                                    null));
                })
                .result();
    }

    /** Who is invited by the link with this code, and where to; nothing when it is not good. */
    public Optional<Open> open(Secret code) {
        String digest = new OneTimeCode(code).digest();
        return store.read(tx -> sql.open(tx, digest)
                .flatMap(i -> accounts.organization(tx, i.organizationId()).map(o -> new Open(i, o))));
    }

    /** An invitation that can be accepted. */
    public record Open(Invitation invitation, Organization organization) {}

    /**
     * Makes the holder of this code a member with this password, and ends the link.
     *
     * @throws ProblemException with one answer for every code that is not good; for another reason, the link stays good
     */
    public Member accept(Secret code, String name, Secret password, @Nullable String address, String requestId) {
        String digest = new OneTimeCode(code).digest();
        Open open = open(code).orElseThrow(() -> notGood(address));
        open.organization().requireActive();
        Invitation invitation = open.invitation();
        String hash = passwords.hashOf(
                password, "/password", invitation.email(), open.organization().name());
        String id = ids.next("mem");
        Cause cause = new Cause(new Actor(Actor.Kind.MEMBER, id, invitation.email()), address, requestId);
        return store.change(cause, tx -> accepted(tx, digest, id, name, hash))
                .result()
                .orElseThrow(() -> notGood(address));
    }

    private Change<Optional<Member>> accepted(Tx tx, String digest, String id, String name, String hash) {
        String organization =
                sql.open(tx, digest).map(Invitation::organizationId).orElse("");
        // Members of one organization change one after the other, and the link may have been used meanwhile.
        accounts.organization(tx, organization).ifPresent(Organization::requireActive);
        Invitation invitation = sql.open(tx, digest).orElse(null);
        if (invitation == null) {
            return Change.none(Optional.empty());
        }
        requireRoom(tx, invitation);
        end(tx, invitation);
        Member member = new Member(id, organization, invitation.email(), name, invitation.role(), 1, tx.at());
        members.insert(tx, member);
        members.setPassword(tx, id, hash);
        return new Change<>(
                Optional.of(member),
                List.of(
                        new AuditEvent(
                                organization,
                                AuditAction.INVITATION_ACCEPTED,
                                invitation.target(),
                                null,
                                Map.of("member", id)),
                        new AuditEvent(
                                organization,
                                AuditAction.MEMBER_CREATED,
                                member.target(),
                                null,
                                Map.of(
                                        "email",
                                        member.email(),
                                        "role",
                                        member.role().text()))),
                List.of());
    }

    private void requireRoom(Tx tx, Invitation invitation) {
        if (members.byEmail(tx, invitation.organizationId(), invitation.email()).isPresent()) {
            throw new ProblemException(new Problem.Conflict(Sentence.of("problem.member-already", invitation.email())));
        }
        if (members.everywhere(tx, invitation.email(), MEMBERSHIPS).size() == MEMBERSHIPS) {
            throw new ProblemException(
                    new Problem.Conflict(Sentence.of("problem.too-many-memberships", invitation.email(), MEMBERSHIPS)));
        }
    }

    private ProblemException notGood(@Nullable String address) {
        denied.count(address, new DeniedCalls.Tried(DeniedCalls.Why.LINK));
        return new ProblemException(new Problem.Unauthenticated(Sentence.of("problem.invitation-not-good")));
    }
}
