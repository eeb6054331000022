package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Credential;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Clearing;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is signed in to the portal.
 *
 * <p>Guarantees: what a cookie holds is made anew at each sign-in, and what is stored of it cannot be turned back; a session
 * ends {@link #IDLE} after it was used last, {@link #LONGEST} after it was begun, when it is ended by hand, when the
 * password changes and when the member leaves, and from then on changes nothing.
 */
public final class Sessions {
    static final Duration IDLE = Duration.ofHours(1);
    static final Duration LONGEST = Duration.ofHours(12);

    /** How long after the password was typed a dangerous act does not ask for it again. */
    static final Duration RECENT = Duration.ofMinutes(10);

    private static final long SEEN_EVERY_MICROS = 60_000_000;
    private static final int CODE_BYTES = 32;

    private final Store store;
    private final Ids ids;
    private final SessionSql sql = new SessionSql();

    public Sessions(Store store, Ids ids) {
        this.store = store;
        this.ids = ids;
    }

    /** A session that was begun, with what the cookie holds, which is shown this once. */
    record Begun(Session session, Secret code) {}

    /** Begins a session for a member whose password, or whose one-time link, was good. */
    Begun begin(List<SessionSql.Membership> good, Cause cause, String browser) {
        byte[] bytes = new byte[CODE_BYTES];
        ids.random().nextBytes(bytes);
        Secret code = Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        SessionSql.Membership first = good.getFirst();
        return store.change(cause, tx -> {
                    Session session = new Session(
                            ids.next("ses"),
                            first.member(),
                            first.organization(),
                            good.stream().map(m -> m.member().id()).toList(),
                            cause.address(),
                            shortened(browser),
                            tx.at(),
                            tx.at(),
                            tx.at(),
                            tx.at() + LONGEST.toNanos() / 1_000);
                    sql.insert(tx, session, StoredCode.digest(code));
                    return Change.of(
                            new Begun(session, code),
                            event(AuditAction.SESSION_BEGUN, session, Map.of("browser", session.browser())));
                })
                .result();
    }

    /** Begins a session for a member who came in by a one-time link. */
    Begun enter(Member member, @Nullable String address, String requestId, String browser) {
        List<SessionSql.Membership> own = store.read(tx -> sql.memberships(tx, member.email())).stream()
                .filter(m -> m.member().id().equals(member.id()))
                .toList();
        return begin(own, new Cause(actor(member), address, requestId), browser);
    }

    /** The caller behind what a cookie holds, as a token's would be; nothing if it is not good any more. */
    Optional<Signed> find(Secret code, @Nullable String address, String requestId) {
        String digest = StoredCode.digest(code);
        Session session = store.read(tx -> current(tx, digest)).orElse(null);
        if (session == null) {
            return Optional.empty();
        }
        Actor actor = actor(session.member());
        Cause cause = new Cause(actor, address, requestId);
        long now = store.now();
        if (now - session.seenAt() > SEEN_EVERY_MICROS && address != null) {
            store.change(cause, tx -> {
                sql.seen(tx, session.id(), address);
                return Change.none("");
            });
        }
        Caller.Standing standing = new Caller.Standing(
                new Credential("member/" + session.member().id(), code),
                cause,
                tx -> requireStill(tx, digest, session));
        return Optional.of(
                new Signed(session, new Caller(actor, session.member(), session.organization(), standing, now)));
    }

    /** A session and the caller that it stands for. */
    record Signed(Session session, Caller caller) {}

    private Optional<Session> current(Tx tx, String digest) {
        return sql.byDigest(tx, digest).filter(session -> isCurrent(tx, session));
    }

    private static boolean isCurrent(Tx tx, Session session) {
        return session.endsAt() > tx.at() && session.seenAt() + IDLE.toNanos() / 1_000 > tx.at();
    }

    /** Judges a session again, that was judged as this a while ago. */
    private void requireStill(Tx tx, String digest, Session judged) {
        Session now = current(tx, digest)
                .orElseThrow(
                        () -> new ProblemException(new Problem.Unauthenticated(Sentence.of("problem.signed-off"))));
        if (!now.member().id().equals(judged.member().id())
                || now.member().role() != judged.member().role()
                || !now.organization().state().equals(judged.organization().state())) {
            throw new ProblemException(new Problem.Forbidden(Sentence.of("problem.rights-changed-repeat")));
        }
    }

    /** Whether the password was typed lately enough for a dangerous act. */
    boolean recent(Session session) {
        return store.now() - session.confirmedAt() < RECENT.toNanos() / 1_000;
    }

    /** The password was typed again. */
    void confirm(Signed signed) {
        signed.caller().change(store, tx -> {
            sql.confirmed(tx, signed.session().id());
            return Change.none("");
        });
    }

    /** Goes on as another member whose password was typed at sign-in. */
    void switchTo(Signed signed, String memberId) {
        if (!signed.session().members().contains(memberId)) {
            throw new ProblemException(new Problem.NotFound());
        }
        signed.caller().change(store, tx -> {
            sql.switchTo(tx, signed.session().id(), memberId);
            return Change.none("");
        });
    }

    /** The memberships between which this session may switch, the present one among them. */
    List<SessionSql.Membership> memberships(Session session) {
        return store.read(tx -> sql.memberships(tx, session.member().email())).stream()
                .filter(m -> session.members().contains(m.member().id()))
                .toList();
    }

    /** The sessions of the caller, newest first. */
    List<Session> list(Caller caller) {
        Member member = caller.member();
        return member == null
                ? List.of()
                : store.read(tx -> sql.ofMember(tx, member.id()).stream()
                        .filter(session -> isCurrent(tx, session))
                        .toList());
    }

    /** Ends one of the caller's own sessions; one that has ended is none. */
    void end(Signed signed, String id) {
        signed.caller()
                .change(
                        store,
                        tx -> sql.end(tx, signed.session().member().id(), id)
                                ? Change.of(
                                        "", event(AuditAction.SESSION_ENDED, signed.session(), Map.of("session", id)))
                                : Change.none(""));
    }

    /** Ends a session whose organization is suspended: its member changes nothing, not even this. */
    void endSuspended(Session session, @Nullable String address, String requestId) {
        store.change(
                new Cause(Actor.SYSTEM, address, requestId),
                tx -> sql.end(tx, session.member().id(), session.id())
                        ? Change.of("", event(AuditAction.SESSION_ENDED, session, Map.of("session", session.id())))
                        : Change.none(""));
    }

    /** Ends every session of the caller but this one. Returns how many there were. */
    int endOthers(Signed signed) {
        return signed.caller()
                .change(store, tx -> {
                    int ended = sql.endOthers(
                            tx, signed.session().member().id(), signed.session().id());
                    return ended == 0
                            ? Change.none(0)
                            : Change.of(
                                    ended, event(AuditAction.SESSION_ENDED, signed.session(), Map.of("others", ended)));
                })
                .result();
    }

    /** Clears away sessions that have ended. Returns how many. */
    public long clear() {
        return Clearing.all(store, 1_000, (tx, most) -> sql.clear(tx, most, IDLE.toNanos() / 1_000));
    }

    static Actor actor(Member member) {
        return new Actor(Actor.Kind.MEMBER, member.id(), member.email());
    }

    private static AuditEvent event(AuditAction action, Session session, Map<String, ?> after) {
        return new AuditEvent(
                session.organization().id(),
                action,
                new AuditEvent.Target("session", session.id(), session.member().email()),
                null,
                after);
    }

    /** As much of the header as tells browser and system; it is shown to its owner only. */
    private static String shortened(String browser) {
        String plain = browser.replaceAll("[^ -~]", "");
        return plain.substring(0, Math.min(plain.length(), 200));
    }
}
