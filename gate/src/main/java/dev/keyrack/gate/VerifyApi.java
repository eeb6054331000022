package dev.keyrack.gate;

import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Scope;
import dev.keyrack.verifier.Verdict;
import dev.keyrack.verifier.Verifier;
import io.vertx.core.http.HttpHeaders;

/** {@code POST /v1/verify}: a question in JSON, answered with 200 for every verdict but {@code STALE}. */
final class VerifyApi implements Body.Reader {
    static final String PATH = "/v1/verify";
    private static final CharSequence ONE = HttpHeaders.createOptimized("1");

    private final GateLoop loop;
    private final Verifier verifier;
    private final Askers askers;
    private final int maxBody;

    VerifyApi(GateLoop loop, Verifier verifier, Askers askers, int maxBody) {
        this.loop = loop;
        this.verifier = verifier;
        this.askers = askers;
        this.maxBody = maxBody;
    }

    void begin(Exchange exchange) {
        loop.scope(askers, exchange, Endpoint.VERIFY);
        Body.read(loop, exchange, "application/json", maxBody, this);
    }

    /** The asker is judged again: its key may have been revoked while the body was arriving. */
    @Override
    public void read(Exchange exchange, byte[] body) {
        Scope scope = loop.scope(askers, exchange, Endpoint.VERIFY);
        Question question = VerifyJson.read(body);
        Verdict verdict = verifier.verify(question, scope);
        exchange.response().putHeader(HttpHeaders.CONTENT_TYPE, Exchange.JSON);
        boolean stale = verdict.code() == Code.STALE;
        if (stale) {
            exchange.response().putHeader(HttpHeaders.RETRY_AFTER, ONE);
        }
        exchange.end(
                stale ? 503 : 200,
                VerifyJson.write(loop.json().begin(), verdict).buffer());
        loop.gave(question, verdict, exchange, Endpoint.VERIFY);
    }
}
