package dev.keyrack.gate;

import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Scope;
import dev.keyrack.verifier.Verdict;
import dev.keyrack.verifier.Verifier;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** Who asks, and whose keys they may hence verify. */
final class Askers {
    static final CharSequence HEADER = HttpHeaders.createOptimized("Keyrack-Verifier");
    private static final String PERMISSION = "keys.verify";

    private final Verifier verifier;
    private final Refusals refusals;

    /** @param refusals where askers' own keys that are refused are counted */
    Askers(Verifier verifier, Refusals refusals) {
        this.verifier = verifier;
        this.refusals = refusals;
    }

    /**
     * The keys that this asker may verify. An asker that presents a key is judged by it alone: a bad one is never made up
     * for by where the request comes from.
     *
     * @throws ProblemException when the asker did not show who it is
     */
    Scope scope(HttpServerRequest request, Peer peer, Endpoint endpoint) {
        if (request.headers().contains(HEADER)) {
            return byKey(request.headers().getAll(HEADER), peer);
        }
        if (!peer.trust().keyless()) {
            throw required("send a server key that has the permission keys.verify in the header Keyrack-Verifier");
        }
        if (endpoint != Endpoint.AUTHORIZE && Trust.forwarded(request)) {
            throw required("this request was passed on by a proxy (Forwarded, X-Forwarded-* or Via): send a server key"
                    + " that has the permission keys.verify in the header Keyrack-Verifier");
        }
        return Scope.ALL;
    }

    /** A key that is restricted to networks is held to the address of the connection. */
    private Scope byKey(List<String> tokens, Peer peer) {
        if (tokens.size() != 1) {
            throw refused("the header Keyrack-Verifier stands there more than once");
        }
        Question question =
                Question.of(tokens.getFirst()).permission(PERMISSION).ip(peer.address());
        Verdict verdict = verifier.verify(question);
        if (verdict instanceof Verdict.Valid valid) {
            if (valid.key().type() != KeyType.SERVER) {
                throw refused("the key in Keyrack-Verifier is not of the type server");
            }
            return Scope.of(valid.key().organization());
        }
        if (verdict.code() == Code.STALE) {
            throw Problem.of(Problem.Kind.STALE, "the key in Keyrack-Verifier cannot be judged now")
                    .exception();
        }
        refusals.count(question, verdict);
        throw refused("the key in Keyrack-Verifier is " + verdict.code());
    }

    private static ProblemException required(String detail) {
        return Problem.of(Problem.Kind.VERIFIER_REQUIRED, detail).exception();
    }

    private static ProblemException refused(String detail) {
        return Problem.of(Problem.Kind.VERIFIER_REFUSED, detail).exception();
    }
}
