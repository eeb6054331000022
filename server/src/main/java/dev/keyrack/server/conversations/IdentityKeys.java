package dev.keyrack.server.conversations;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.credentials.Credentials;
import dev.keyrack.server.credentials.WebKey;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import java.util.List;
import java.util.Map;

/**
 * What a host's backend signs with, to vouch for a visitor: at most two live ones for each web key, so that one can take the
 * other's place.
 *
 * <p>Guarantees: a secret leaves once, as it is made, and stays encrypted; when an identity key has ended, nothing that it
 * signed opens a session any more, and every session that it vouched for has ended.
 */
public final class IdentityKeys {
    static final int MOST = 2;

    private final Store store;
    private final Credentials credentials;
    private final Ids ids;
    private final IdentitySecrets secrets;
    private final IdentityKeySql sql = new IdentityKeySql();
    private final VisitorSessionSql sessions = new VisitorSessionSql();

    IdentityKeys(Store store, Credentials credentials, Ids ids, IdentitySecrets secrets) {
        this.store = store;
        this.credentials = credentials;
        this.ids = ids;
        this.secrets = secrets;
    }

    /** One with the secret that was just made for it. */
    record Issued(IdentityKeySql.Key key, Secret secret) {}

    List<IdentityKeySql.Key> list(Caller caller, String keyId) {
        return store.read(tx -> sql.list(
                tx, credentials.webKey(tx, caller, Right.SEE_KEYS, keyId).id()));
    }

    Answer create(Caller caller, String keyId, Creation<Issued> creation) {
        return caller.change(
                        store,
                        creation.once(
                                tx -> changeable(tx, caller, keyId),
                                tx -> made(tx, caller, changeable(tx, caller, keyId))))
                .result();
    }

    /** The key, which the caller may change. */
    WebKey changeable(Caller caller, String keyId) {
        return store.read(tx -> changeable(tx, caller, keyId));
    }

    private WebKey changeable(Tx tx, Caller caller, String keyId) {
        return credentials.webKey(tx, caller, Right.CHANGE_KEYS, keyId);
    }

    private Change<Issued> made(Tx tx, Caller caller, WebKey key) {
        if (key.state() == KeyState.REVOKED) {
            throw new ProblemException(new Problem.Conflict(Sentence.of("problem.key-revoked-identity")));
        }
        if (sql.list(tx, key.id()).size() >= MOST) {
            throw new ProblemException(new Problem.Conflict(Sentence.of("problem.two-identity-keys")));
        }
        String kid = ids.next("idk");
        Secret secret = secrets.make();
        IdentityKeySql.Key made =
                new IdentityKeySql.Key(kid, key.id(), secrets.seal(secret, key.id(), kid), tx.at(), caller.actor());
        sql.insert(tx, made);
        return Change.of(
                new Issued(made, secret),
                new AuditEvent(
                        key.organizationId(),
                        AuditAction.KEY_IDENTITY_KEY_CREATED,
                        key.target(),
                        null,
                        Map.of("kid", kid)));
    }

    /** Ends it, and every session that it vouched for; returns how many. Repeated, it changes nothing. */
    int end(Caller caller, String keyId, String kid) {
        return caller.change(store, tx -> {
                    WebKey key = changeable(tx, caller, keyId);
                    if (sql.live(tx, key.id(), kid).isEmpty()) {
                        if (sql.ended(tx, key.id(), kid)) {
                            return Change.none(0);
                        }
                        throw new ProblemException(new Problem.NotFound());
                    }
                    sql.end(tx, kid);
                    Idempotency.erase(tx, kid);
                    int sessionsEnded = sessions.endOfIdentity(tx, kid);
                    return Change.of(
                            sessionsEnded,
                            new AuditEvent(
                                    key.organizationId(),
                                    AuditAction.KEY_IDENTITY_KEY_ENDED,
                                    key.target(),
                                    Map.of("kid", kid),
                                    null));
                })
                .result();
    }
}
