package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Reach;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Permissions;
import dev.keyrack.verifier.Sentence;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what with which key.
 *
 * <p>Guarantees: a key that the caller may not see is refused as one that does not exist; whoever asks within a change is
 * judged by what is so until the commit.
 */
final class KeyAccess {
    private final CredentialSql sql;

    KeyAccess(CredentialSql sql) {
        this.sql = sql;
    }

    /** @throws ProblemException if the caller does not see this key, or may not do this with it */
    Key require(Tx tx, Caller caller, Right right, String id) {
        String only = caller.only(Right.SEE_KEYS);
        Key key = sql.key(tx, caller.requireOrganization().id(), id)
                .filter(found -> only == null || only.equals(found.ownerId()))
                .orElseThrow(() -> new ProblemException(new Problem.NotFound()));
        caller.require(right, key.ownerId());
        return key;
    }

    /** As {@link #require}, for a change that a revoked key can no longer undergo. */
    Key changeable(Tx tx, Caller caller, Right right, String id, LongConsumer match) {
        Key key = require(tx, caller, right, id);
        match.accept(key.version());
        KeyRules.requireNotRevoked(key);
        return key;
    }

    /** The key after it was changed in this transaction. */
    Key again(Tx tx, Key key) {
        return sql.key(tx, key.organizationId(), key.id().value()).orElseThrow();
    }

    /**
     * Permissions over other keys are an Owner's or Admin's to give, and so is a new token that has them: whoever may
     * change only own keys could otherwise come by more than their own.
     *
     * @param permissions what a key is about to be given, or a new token of it to have
     * @throws ProblemException if the caller may not
     */
    static void requireMayGive(Caller caller, @Nullable List<String> permissions) {
        if (caller.reach(Right.CHANGE_KEYS) == Reach.ALL) {
            return;
        }
        reserved(permissions).stream().findFirst().ifPresent(permission -> {
            throw new ProblemException(
                    new Problem.Forbidden(Sentence.of("problem.permission-reaches-others", permission)));
        });
    }

    /**
     * A key with such permissions stays as its Owner or Admin set it up, but for its name and metadata; they may be
     * taken away from it.
     */
    static void requireMayEdit(Caller caller, Key before, Key after) {
        if (!Objects.equals(before.permissions(), after.permissions())
                || before.permissionsAsOf() != after.permissionsAsOf()
                || !Objects.equals(before.expiresAt(), after.expiresAt())
                || !before.restrictions().equals(after.restrictions())) {
            requireMayGive(caller, after.permissions());
        }
    }

    private static List<String> reserved(@Nullable List<String> permissions) {
        return permissions == null
                ? List.of()
                : permissions.stream().filter(Permissions.RESERVED::contains).toList();
    }
}
