package dev.keyrack.server.conversations;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.StoreFailure;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.ReplicaKey;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Verdict;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of visitors' browsers with a web key.
 *
 * <p>Guarantees: a session opens, and each of its calls goes through, only where a verification of the key would be
 * {@code VALID} at that moment. A refresh token is good once; the one before it until its successor was used, since an answer
 * may get lost, and for a minute at least, for two tabs; whoever shows any other ends the session for everybody who holds it.
 * A guest never becomes a customer: whoever is vouched for is another visitor. An identity opens one session: shown again with
 * the refresh token that was shown with it, or with one of that session, it opens the same one, and else nothing. One that is
 * refused counts like a session, so that nobody tries them without end; and whoever is over a limit keeps nobody else from
 * writing.
 */
public final class VisitorSessions {
    private static final long ACCESS_MICROS = Duration.ofMinutes(10).toNanos() / 1_000;
    static final long IDLE_MICROS = Duration.ofDays(30).toNanos() / 1_000;

    /** Of a guest who has said nothing: so that visits which come to nothing do not fill the store. */
    private static final long SILENT_MICROS = Duration.ofDays(1).toNanos() / 1_000;

    private static final Cause CALL = new Cause(Actor.SYSTEM, null, "visit");

    private static final Secret NO_TOKEN = Secret.of("");
    private static final long FORMER_MICROS = Duration.ofSeconds(60).toNanos() / 1_000;

    private final Store store;
    private final Ids ids;
    private final VisitorTokens tokens;
    private final VisitorVerdicts verdicts;
    private final VisitorLimits limits;
    private final PageCodes pages;
    private final Identities identities;
    private final ConversationRules rules;
    private final VisitorSessionSql sql = new VisitorSessionSql();
    private final ConversationSql conversations = new ConversationSql();

    VisitorSessions(
            Store store,
            Ids ids,
            VisitorTokens tokens,
            VisitorVerdicts verdicts,
            VisitorLimits limits,
            PageCodes pages,
            Identities identities,
            ConversationRules rules) {
        this.store = store;
        this.ids = ids;
        this.tokens = tokens;
        this.verdicts = verdicts;
        this.limits = limits;
        this.pages = pages;
        this.identities = identities;
        this.rules = rules;
    }

    /**
     * What a page opens a session with.
     *
     * @param key the web key's token; nothing on a page of Keyrack's own
     * @param visitor the refresh token of the session before
     * @param identity what the host's backend signed
     * @param page what Keyrack put into a page of its own, in place of the key
     */
    record Wanted(
            @Nullable Secret key,
            @Nullable Secret visitor,
            @Nullable Secret identity,
            @Nullable Secret page) {}

    /** @param conversation the visitor's newest that is open */
    record Opened(
            Secret access,
            long accessEndsAt,
            Secret refresh,
            Secret leave,
            Visitor visitor,
            @Nullable Conversation conversation) {}

    private sealed interface Tried {
        record Done(Opened opened) implements Tried {}

        record Paused(Duration pause) implements Tried {}

        record IdentityRefused() implements Tried {}
    }

    /** @throws ProblemException with the verdict's code, over a limit, or for an identity that is not good */
    Opened open(Cause cause, Wanted wanted, Place place) {
        PageCodes.Page page = wanted.page() == null
                ? null
                : pages.read(Objects.requireNonNull(wanted.page()), place).orElse(null);
        Excused excused = page == null ? Excused.NONE : page.excused();
        Verdict.Valid verdict = page == null
                ? verdicts.require(Objects.requireNonNullElse(wanted.key(), NO_TOKEN), place)
                : verdicts.require(page.key(), place, excused);
        KeyId key = new KeyId(verdict.key().id());
        if (!stillExcused(excused, key)) {
            throw new ProblemException(new Problem.Visiting(VisitorCode.UNKNOWN));
        }
        Duration over = store.read(tx -> wait(tx, key, place, limits::look));
        if (!over.isZero()) {
            throw VisitorLimits.refused(VisitorCode.TOO_MANY_SESSIONS, over);
        }
        Optional<Identities.Vouched> vouched =
                Optional.ofNullable(wanted.identity()).flatMap(identity -> identities.check(key, identity));
        // No audit event: a visit is no change of what people set up.
        Tried tried = store.change(
                        cause, tx -> Change.none(tried(tx, wanted, place, excused, verdict, vouched.orElse(null))))
                .result();
        return switch (tried) {
            case Tried.Done(Opened opened) -> opened;
            case Tried.Paused(Duration pause) -> throw VisitorLimits.refused(VisitorCode.TOO_MANY_SESSIONS, pause);
            case Tried.IdentityRefused refused -> throw Identities.refused();
        };
    }

    private Tried tried(
            Tx tx,
            Wanted wanted,
            Place place,
            Excused excused,
            Verdict.Valid verdict,
            Identities.@Nullable Vouched vouched) {
        Duration wait = wait(tx, new KeyId(verdict.key().id()), place, limits::take);
        if (!wait.isZero()) {
            return new Tried.Paused(wait);
        }
        ReplicaKey key = verdict.key();
        VisitorTokens.Refresh shown =
                Optional.ofNullable(wanted.visitor()).flatMap(tokens::parse).orElse(null);
        if (wanted.identity() == null) {
            Held guest = guest(tx, shown, key, place);
            return new Tried.Done(opened(tx, guest, guest.session().kid(), place, excused, verdict));
        }
        // What was counted stays when it is refused.
        return Optional.ofNullable(vouched)
                .filter(v -> identities.holds(tx, v))
                .flatMap(v -> identities.use(tx, v)
                        ? Optional.of(known(tx, v, shown, key, place))
                        : knownAgain(tx, v, shown, key, place))
                .<Tried>map(session -> new Tried.Done(
                        opened(tx, session, Objects.requireNonNull(vouched).kid(), place, excused, verdict)))
                .orElseGet(Tried.IdentityRefused::new);
    }

    private Duration wait(Tx tx, KeyId key, Place place, VisitorLimits.Asking limit) {
        Duration wait = limit.ask(
                tx,
                limits.ofAddress(VisitorLimits.SESSIONS_OF_ADDRESS, place.address()),
                VisitorLimits.SESSIONS_OF_ADDRESS);
        return wait.isZero()
                ? limit.ask(
                        tx,
                        VisitorLimits.subject(VisitorLimits.SESSIONS_OF_KEY, key.value()),
                        VisitorLimits.SESSIONS_OF_KEY)
                : wait;
    }

    /** Whoever was here before, or a new guest. */
    private Held guest(Tx tx, VisitorTokens.@Nullable Refresh shown, ReplicaKey key, Place place) {
        return held(tx, shown, key, place)
                .orElseGet(
                        () -> begun(tx, tokens.refreshSecret(), sql.make(tx, visitor(key, null), null, null), place));
    }

    private Held known(
            Tx tx, Identities.Vouched vouched, VisitorTokens.@Nullable Refresh shown, ReplicaKey key, Place place) {
        Visitor visitor = sql.make(tx, visitor(key, vouched.customer()), vouched.name(), null);
        Optional<Held> held = held(tx, shown, key, place);
        Held session = held.filter(h -> h.visitor().id().equals(visitor.id())).orElseGet(() -> {
            // Somebody else's from now on: the session of whoever was here before is left behind.
            held.ifPresent(h -> sql.end(tx, h.session().id()));
            return begun(
                    tx,
                    shown == null ? tokens.refreshSecret() : tokens.refreshSecret(vouched.digest(), shown.secret()),
                    visitor,
                    place);
        });
        identities.open(tx, vouched, session.session().id());
        return session;
    }

    /** The session that it opened, where nobody has gone on with that yet, or for whoever goes on with it. */
    private Optional<Held> knownAgain(
            Tx tx, Identities.Vouched vouched, VisitorTokens.@Nullable Refresh shown, ReplicaKey key, Place place) {
        if (shown == null) {
            return Optional.empty();
        }
        Secret secret = tokens.refreshSecret(vouched.digest(), shown.secret());
        Optional<Held> opened = found(tx, secret, key, place)
                .filter(session -> isFormer(tx, session, 0))
                .flatMap(session -> held(tx, secret, 0, session));
        return opened.isPresent()
                ? opened
                : held(tx, shown, key, place)
                        .filter(h -> identities.opened(tx, vouched, h.session().id()));
    }

    private Opened opened(
            Tx tx, Held session, @Nullable String kid, Place place, Excused excused, Verdict.Valid verdict) {
        ReplicaKey key = verdict.key();
        Visitor visitor = session.visitor();
        VisitorSessionSql.Session rotated = rotated(tx, session, kid);
        sql.seen(tx, visitor.id());
        Secret access = tokens.access();
        long ends = tx.at() + ACCESS_MICROS;
        sql.insertAccess(
                tx,
                VisitorTokens.digest(access),
                new VisitorSessionSql.Access(
                        rotated.id(),
                        rotated.rotation(),
                        true,
                        visitor,
                        key.id(),
                        verdict.generation(),
                        place.origin(),
                        excused,
                        ends));
        return new Opened(
                access,
                ends,
                tokens.refresh(session.secret(), rotated.rotation()),
                tokens.leave(session.secret()),
                visitor,
                conversations.newestOpen(tx, visitor.id()).orElse(null));
    }

    private Visitor visitor(ReplicaKey key, @Nullable String customer) {
        return new Visitor(ids.next("vis"), key.organization().id(), key.projectId(), key.id(), customer);
    }

    /** @param presented the number of the refresh token that was shown; 0 for a session that begins */
    private record Held(Secret secret, long presented, VisitorSessionSql.Session session, Visitor visitor) {}

    /** The session that a refresh token is of; nothing if it is none of this key and page, or has ended. */
    private Optional<Held> held(Tx tx, VisitorTokens.@Nullable Refresh shown, ReplicaKey key, Place place) {
        VisitorSessionSql.Session session =
                shown == null ? null : found(tx, shown.secret(), key, place).orElse(null);
        if (shown == null || session == null) {
            return Optional.empty();
        }
        if (shown.rotation() != session.rotation() && !isFormer(tx, session, shown.rotation())) {
            // Two hold it who do not know of each other: one of them stole it, and nobody can tell which.
            sql.end(tx, session.id());
            return Optional.empty();
        }
        return held(tx, shown.secret(), shown.rotation(), session);
    }

    private Optional<VisitorSessionSql.Session> found(Tx tx, Secret secret, ReplicaKey key, Place place) {
        return sql.byDigest(tx, VisitorTokens.digest(secret))
                .filter(session -> session.endsAt() > tx.at()
                        && session.keyId().equals(key.id())
                        && Objects.equals(session.origin(), place.origin()));
    }

    /** Whether the token of this number is the one before the newest, and still leads to that. */
    private static boolean isFormer(Tx tx, VisitorSessionSql.Session session, long rotation) {
        return rotation == session.rotation() - 1
                && (session.heard() < session.rotation() || tx.at() < session.formerUntil());
    }

    private Optional<Held> held(Tx tx, Secret secret, long presented, VisitorSessionSql.Session session) {
        return sql.visitor(tx, session.visitorId()).map(visitor -> new Held(secret, presented, session, visitor));
    }

    private Held begun(Tx tx, Secret secret, Visitor visitor, Place place) {
        VisitorSessionSql.Session session = new VisitorSessionSql.Session(
                ids.next("ses"),
                visitor.id(),
                Objects.requireNonNull(visitor.keyId()),
                0,
                0,
                0,
                place.origin(),
                null,
                tx.at() + SILENT_MICROS);
        sql.insert(tx, session, VisitorTokens.digest(secret));
        return new Held(secret, 0, session, visitor);
    }

    /** The former token leads to the same new one again, so that two tabs end up with one. */
    private VisitorSessionSql.Session rotated(Tx tx, Held held, @Nullable String kid) {
        VisitorSessionSql.Session before = held.session();
        boolean newest = held.presented() == before.rotation();
        VisitorSessionSql.Session after = new VisitorSessionSql.Session(
                before.id(),
                before.visitorId(),
                before.keyId(),
                newest ? before.rotation() + 1 : before.rotation(),
                newest ? before.rotation() : before.heard(),
                newest ? tx.at() + FORMER_MICROS : before.formerUntil(),
                before.origin(),
                kid,
                tx.at() + (kid != null || conversations.any(tx, before.visitorId()) ? IDLE_MICROS : SILENT_MICROS));
        sql.rotate(tx, after);
        return after;
    }

    /**
     * Who calls.
     *
     * @throws ProblemException if the token is none or has ended, or the key is not good here any more
     */
    Visit visit(Secret access, Place place) {
        if (!VisitorTokens.isAccess(access)) {
            throw ended();
        }
        String digest = VisitorTokens.digest(access);
        VisitorSessionSql.Access found = store.read(tx -> sql.access(tx, digest))
                .filter(a -> Objects.equals(a.origin(), place.origin()))
                .orElseThrow(VisitorSessions::ended);
        KeyId key = new KeyId(found.keyId());
        verdicts.require(key, found.generation(), place, found.excused());
        if (!stillExcused(found.excused(), key)) {
            throw ended();
        }
        if (found.news()) {
            // Once for each refresh token: the one before is worth nothing from now on.
            store.change(CALL, tx -> {
                sql.heard(tx, found.sessionId(), found.rotation());
                return Change.none("");
            });
        }
        Visitor visitor = found.visitor();
        return new Visit(
                found.sessionId(),
                visitor.id(),
                visitor.customer(),
                visitor.organizationId(),
                visitor.projectId(),
                key,
                found.generation(),
                place,
                found.excused());
    }

    /** A project's own page that was turned off, or opens another key now, excuses nobody any more. */
    private boolean stillExcused(Excused excused, KeyId key) {
        return excused != Excused.HOSTED || rules.hosts(key.value());
    }

    /** Whether the visit's session goes on; also when the store cannot be asked. */
    boolean lives(Visit visit) {
        String id = visit.sessionId();
        try {
            return id == null || store.read(tx -> sql.lives(tx, id));
        } catch (StoreFailure e) {
            return true;
        }
    }

    private static ProblemException ended() {
        return new ProblemException(new Problem.Visiting(VisitorCode.SESSION_ENDED));
    }

    /**
     * Ends the visitor's session with all its tokens; also with a key that is no longer good.
     *
     * @param token access, or any refresh token of the session, or what ends it and does nothing else: a browser may have
     *     nothing else
     * @return the session's id
     */
    String logout(Cause cause, Secret token, Place place) {
        String ended = tokens.ends(token).orElse(null);
        return store.change(cause, tx -> {
                    String session = (ended == null
                                    ? sql.access(tx, VisitorTokens.digest(token))
                                            .filter(a -> Objects.equals(a.origin(), place.origin()))
                                            .map(VisitorSessionSql.Access::sessionId)
                                    : sql.byDigest(tx, ended)
                                            .filter(s -> Objects.equals(s.origin(), place.origin()))
                                            .map(VisitorSessionSql.Session::id))
                            .orElseThrow(VisitorSessions::ended);
                    sql.end(tx, session);
                    return Change.none(session);
                })
                .result();
    }
}
