package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Sentence;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one credential pair of each project: an app id, which is the public id of a server key, and an app secret, which is
 * that key's token. The key is marked by what made it, {@link #SOURCE}; it is a key like any other everywhere else.
 *
 * <p>Guarantee: a project has one pair at most, whoever generates it at the same time.
 */
public final class CredentialPairs {
    static final Key.Source SOURCE = new Key.Source("integration", "Project credentials");

    private static final String NAME = "WebAssist credentials";

    private final Store store;
    private final Credentials credentials;
    private final PairSql sql = new PairSql();

    public CredentialPairs(Store store, Credentials credentials) {
        this.store = store;
        this.credentials = credentials;
    }

    /**
     * What there is.
     *
     * @param key the pair that the caller sees
     * @param others whether there is one that they do not see, because it is another member's
     */
    record Found(@Nullable Key key, boolean others) {}

    Found find(Caller caller, String projectId) {
        String organization = caller.requireOrganization().id();
        Optional<String> id = store.read(tx -> sql.id(tx, organization, projectId, SOURCE));
        if (id.isEmpty()) {
            return new Found(null, false);
        }
        try {
            return new Found(credentials.get(caller, id.get()), false);
        } catch (ProblemException e) {
            if (e.problem() instanceof Problem.NotFound) {
                return new Found(null, true);
            }
            throw e;
        }
    }

    /** @throws ProblemException if the project has a pair already */
    Answer generate(Caller caller, String projectId, Creation<Credentials.Issued> creation) {
        String organization = caller.requireOrganization().id();
        NewKey wanted = new NewKey(NAME, KeyType.SERVER, projectId, null, null, KeyRestrictions.NONE, Map.of(), SOURCE);
        return credentials.create(caller, wanted, creation, tx -> {
            if (sql.id(tx, organization, projectId, SOURCE).isPresent()) {
                throw new ProblemException(new Problem.Conflict(Sentence.of("problem.pair-already")));
            }
        });
    }
}
