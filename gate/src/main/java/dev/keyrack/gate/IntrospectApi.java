package dev.keyrack.gate;

import dev.keyrack.verifier.App;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.ReplicaKey;
import dev.keyrack.verifier.Scope;
import dev.keyrack.verifier.Verdict;
import dev.keyrack.verifier.Verifier;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/** {@code POST /v1/introspect}: OAuth 2.0 token introspection (RFC 7662). What is not good is inactive, and no more. */
final class IntrospectApi implements Body.Reader {
    static final String PATH = "/v1/introspect";

    private final GateLoop loop;
    private final Verifier verifier;
    private final Askers askers;
    private final int maxBody;

    IntrospectApi(GateLoop loop, Verifier verifier, Askers askers, int maxBody) {
        this.loop = loop;
        this.verifier = verifier;
        this.askers = askers;
        this.maxBody = maxBody;
    }

    void begin(Exchange exchange) {
        exchange.oauth();
        loop.scope(askers, exchange, Endpoint.INTROSPECT);
        Body.read(loop, exchange, "application/x-www-form-urlencoded", maxBody, this);
    }

    /** The asker is judged again: its key may have been revoked while the body was arriving. */
    @Override
    public void read(Exchange exchange, byte[] body) {
        Scope scope = loop.scope(askers, exchange, Endpoint.INTROSPECT);
        Parameters form = Parameters.ofForm(body);
        String token = form.get("token");
        if (token == null) {
            throw Problem.malformedParameter("token", "is missing").exception();
        }
        Question question = question(token, form);
        Verdict verdict = verifier.verify(question, scope);
        if (verdict.code() == Code.STALE) {
            loop.refuse(exchange, Problem.of(Problem.Kind.STALE, "the token cannot be judged now"));
        } else {
            exchange.response().putHeader(HttpHeaders.CONTENT_TYPE, Exchange.JSON);
            exchange.end(200, write(loop.json().begin(), verdict).buffer());
        }
        loop.gave(question, verdict, exchange, Endpoint.INTROSPECT);
    }

    /** RFC 7662, 2.1: further parameters give the context of the question. They are those of verify. */
    private static Question question(String token, Parameters form) {
        String app = form.get("app");
        return new Question(
                token,
                form.get("permission"),
                null,
                form.get("origin"),
                form.get("ip"),
                app == null ? null : App.Asked.of(app));
    }

    private static JsonOut write(JsonOut out, Verdict verdict) {
        if (!(verdict instanceof Verdict.Valid valid)) {
            return out.raw("{\"active\":false}");
        }
        ReplicaKey key = valid.key();
        out.raw("{\"active\":true,\"sub\":\"").raw(key.id());
        out.raw("\",\"client_id\":\"").raw(key.id());
        out.raw("\",\"token_type\":\"api_key\"");
        List<String> permissions = key.permissions().orElse(null);
        if (permissions != null) {
            out.raw(",\"scope\":").string(String.join(" ", permissions));
        }
        long ends = valid.endsAt();
        if (ends != FeedChange.NEVER) {
            out.raw(",\"exp\":").number(ends / 1_000_000);
        }
        out.raw(",\"keyrack_type\":\"").raw(VerifyJson.type(key));
        out.raw("\",\"keyrack_organization\":").string(key.organization().id());
        out.raw(",\"keyrack_project\":").string(key.projectId());
        return out.raw(",\"keyrack_generation\":").number(valid.generation()).raw("}");
    }
}
