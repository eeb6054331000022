package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.TokenFormat;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * New tokens for keys, and the end of the old ones.
 *
 * <p>Guarantees: a key has one token that works, or two during an overlap; when a call returns, every verifier knows which,
 * and until when. So each entry made here narrows: also an end that lies ahead is one that no verifier may miss.
 */
final class Rotation {
    static final long MAX_OVERLAP_SECONDS = Duration.ofDays(30).toSeconds();

    private final Store store;
    private final CredentialSql sql;
    private final KeyAccess access;
    private final KeyTokens tokens;
    private final Credentials keys;

    Rotation(Store store, CredentialSql sql, KeyAccess access, KeyTokens tokens, Credentials keys) {
        this.store = store;
        this.sql = sql;
        this.access = access;
        this.tokens = tokens;
        this.keys = keys;
    }

    /**
     * Gives the key a new token. The newest one so far works for the overlap, by the control plane's time; without an
     * overlap it stops as this returns, also when it repeats a call. One that was in an overlap already stops in any case.
     */
    Credentials.Confirmed<Answer> regenerate(
            Caller caller, String id, Duration overlap, LongConsumer match, Creation<Credentials.Issued> creation) {
        String organization = caller.requireOrganization().id();
        return keys.confirmed(
                caller.change(store, creation.once(tx -> requireMay(tx, caller, id), tx -> {
                    Key before = access.changeable(tx, caller, Right.CHANGE_KEYS, id, match);
                    TokenFormat.Minted minted = tokens.mint(before);
                    int generation = before.generation() + 1;
                    endTokens(tx, before, overlap);
                    sql.insertToken(
                            tx,
                            before.id(),
                            generation,
                            minted.digest(),
                            tokens.sealed(before, generation, minted.token()));
                    sql.forgetTokens(tx, before.id(), generation);
                    sql.setGeneration(tx, before.id(), generation, tokens.mask(before.type(), before.id()));
                    Key after = access.again(tx, before);
                    return Change.of(
                            new Credentials.Issued(after, minted.token()),
                            KeyAudit.event(AuditAction.KEY_REGENERATED, after, described(before), described(after)),
                            keys.entry(tx, after, true));
                })),
                organization);
    }

    private void requireMay(Tx tx, Caller caller, String id) {
        KeyAccess.requireMayGive(
                caller, access.require(tx, caller, Right.CHANGE_KEYS, id).permissions());
    }

    private void endTokens(Tx tx, Key key, Duration overlap) {
        if (overlap.isZero()) {
            keys.endTokens(tx, key.id());
            return;
        }
        sql.endOverlap(tx, key.id());
        sql.endNewest(tx, key.id(), tx.at() + overlap.toNanos() / 1_000);
        Idempotency.erase(tx, key.id().value());
    }

    /**
     * Ends the overlap before its time: the superseded token stops as this returns. Where there is none, or no more, it
     * waits for what was changed before, and changes nothing.
     */
    Credentials.Confirmed<Key> endOverlap(Caller caller, String id, LongConsumer match) {
        String organization = caller.requireOrganization().id();
        return keys.confirmed(
                caller.change(store, tx -> {
                    Key before = access.changeable(tx, caller, Right.CHANGE_KEYS, id, match);
                    Key.Token former = before.overlapping().orElse(null);
                    if (former == null) {
                        return Change.none(before);
                    }
                    sql.endOverlap(tx, before.id());
                    sql.touch(tx, before.id());
                    Key after = access.again(tx, before);
                    return Change.of(
                            after,
                            KeyAudit.event(
                                    AuditAction.KEY_OVERLAP_ENDED,
                                    after,
                                    ending(former.generation(), former.endsAt()),
                                    ending(former.generation(), tx.at())),
                            keys.entry(tx, after, true));
                }),
                organization);
    }

    private static Map<String, Object> ending(int generation, @Nullable Long endsAt) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("generation", generation);
        all.put("endsAt", endsAt == null ? "never" : Times.text(endsAt));
        return all;
    }

    /** The newest token of a key, and until when the one before works beside it. */
    private static Map<String, Object> described(Key key) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("generation", key.generation());
        key.overlapping().ifPresent(former -> all.put("formerEndsAt", Times.textOrNull(former.endsAt())));
        return all;
    }
}
