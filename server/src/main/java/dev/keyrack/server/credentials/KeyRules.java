package dev.keyrack.server.credentials;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Network;
import dev.keyrack.verifier.Permissions;
import dev.keyrack.verifier.Sentence;
import java.util.ArrayList;
import java.util.List;

/** What must hold of a key as a whole, whichever way it came to be so. */
final class KeyRules {
    static final int MAX_METADATA = 50;
    static final int MAX_METADATA_NAME = 100;
    static final int MAX_METADATA_VALUE = 500;
    static final int MAX_PERMISSIONS = 200;

    private KeyRules() {}

    /**
     * @param permissions what else does not fit of its permissions
     * @param others what does not fit of the rest
     * @throws ProblemException if there are any, or the key breaks a bound, or has a permission that its type cannot have
     */
    static void check(Key key, List<Problem.FieldError> permissions, List<Problem.FieldError> others) {
        List<Problem.FieldError> errors = new ArrayList<>(permissions);
        if (key.metadata().size() > MAX_METADATA) {
            errors.add(new Problem.FieldError(
                    "/metadata",
                    Sentence.of(
                            "problem.too-many-entries",
                            MAX_METADATA,
                            key.metadata().size())));
        }
        checkPermissions(key.type(), key.permissions() == null ? List.of() : key.permissions(), errors);
        errors.addAll(others);
        if (!errors.isEmpty()) {
            throw new ProblemException(new Problem.InvalidRequest(Sentence.of("problem.key-not-like-this"), errors));
        }
    }

    /** What does not fit of the expiry of a key that is made at this moment. */
    static List<Problem.FieldError> late(NewKey wanted, long now) {
        Long end = wanted.expiresAt();
        return end == null || end > now
                ? List.of()
                : List.of(new Problem.FieldError("/expiresAt", Sentence.of("problem.future")));
    }

    /** @throws ProblemException if it is */
    static void requireNotRevoked(Key key) {
        if (key.state() == KeyState.REVOKED) {
            throw new ProblemException(new Problem.Conflict(Sentence.of("problem.key-revoked")));
        }
    }

    /** Whether a network is so large that it was probably not meant. */
    static boolean isWide(Network network) {
        return network.bits() < (network.four() ? 8 : 16);
    }

    private static void checkPermissions(KeyType type, List<String> permissions, List<Problem.FieldError> errors) {
        for (int i = 0; i < permissions.size(); i++) {
            if (Permissions.RESERVED.contains(permissions.get(i)) && type != KeyType.SERVER) {
                errors.add(new Problem.FieldError(
                        "/permissions/" + i, Sentence.of("problem.server-key-permission", permissions.get(i))));
            }
        }
    }
}
