package dev.keyrack.gate;

import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.ReplicaKey;
import dev.keyrack.verifier.Scope;
import dev.keyrack.verifier.Verdict;
import dev.keyrack.verifier.Verifier;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/authorize}: the sub-request of a gateway, which carries the visitor's headers and is answered by status. */
final class AuthorizeApi {
    static final String PATH = "/v1/authorize";

    private static final CharSequence CODE = HttpHeaders.createOptimized("Keyrack-Code");
    private static final CharSequence KEY_ID = HttpHeaders.createOptimized("Keyrack-Key-Id");
    private static final CharSequence KEY_TYPE = HttpHeaders.createOptimized("Keyrack-Key-Type");
    private static final CharSequence ORGANIZATION = HttpHeaders.createOptimized("Keyrack-Organization");
    private static final CharSequence PROJECT = HttpHeaders.createOptimized("Keyrack-Project");
    private static final CharSequence GENERATION = HttpHeaders.createOptimized("Keyrack-Generation");
    private static final CharSequence DEPRECATION = HttpHeaders.createOptimized("Deprecation");
    private static final CharSequence SUNSET = HttpHeaders.createOptimized("Sunset");
    private static final CharSequence ONE = HttpHeaders.createOptimized("1");

    /** RFC 6750, 3.1: a request without a token is told how to send one, and nothing else. */
    private static final CharSequence NO_TOKEN = HttpHeaders.createOptimized("Bearer realm=\"keyrack\"");

    private static final CharSequence BEARER =
            HttpHeaders.createOptimized("Bearer realm=\"keyrack\", error=\"invalid_token\"");
    private static final CharSequence BASIC = HttpHeaders.createOptimized("Basic realm=\"keyrack\", charset=\"UTF-8\"");
    private static final Map<Code, CharSequence> CODES = codes();
    private static final int MOST_QUERIES = 100;

    private final GateLoop loop;
    private final Verifier verifier;
    private final Askers askers;
    private final @Nullable ClientAddress clientAddress;
    private final CharSequence clientHeader;
    private final Map<String, AuthorizeQuery> queries = new HashMap<>();

    AuthorizeApi(GateLoop loop, Verifier verifier, Askers askers, GateSettings settings) {
        this.loop = loop;
        this.verifier = verifier;
        this.askers = askers;
        this.clientAddress = settings.clientAddress().orElse(null);
        this.clientHeader = clientAddress == null ? "" : HttpHeaders.createOptimized(clientAddress.header());
    }

    void answer(Exchange exchange) {
        exchange.forGateway();
        HttpServerRequest request = exchange.request();
        Scope scope = loop.scope(askers, exchange, Endpoint.AUTHORIZE);
        AuthorizeQuery query = query(request.query());
        Presented presented = Presented.in(request.headers());
        String token = presented.token();
        if (token == null) {
            refuse(exchange, Code.MALFORMED, presented);
            loop.gave(Code.MALFORMED, exchange, Endpoint.AUTHORIZE);
            return;
        }
        Question question = new Question(
                token, query.permission(), presented.user(), origin(request.headers()), address(exchange), query.app());
        Verdict verdict = verifier.verify(question, scope);
        if (verdict instanceof Verdict.Valid(ReplicaKey key, int generation, var observed)) {
            // Added, not put: nothing of that name is there yet to be looked for.
            MultiMap headers = exchange.response().headers();
            headers.add(KEY_ID, key.id());
            headers.add(KEY_TYPE, VerifyJson.type(key));
            headers.add(ORGANIZATION, key.organization().id());
            headers.add(PROJECT, key.projectId());
            headers.add(GENERATION, Integer.toString(generation));
            deprecate(headers, verdict);
            exchange.end(204, null);
        } else {
            if (status(verdict.code()) == 403) {
                deprecate(exchange.response().headers(), verdict);
            }
            refuse(exchange, verdict.code(), presented);
        }
        loop.gave(question, verdict, exchange, Endpoint.AUTHORIZE);
    }

    /** What was read is remembered: a gateway's configuration asks with the same few queries again and again. */
    private AuthorizeQuery query(@Nullable String text) {
        if (text == null) {
            return AuthorizeQuery.NONE;
        }
        AuthorizeQuery known = queries.get(text);
        if (known == null) {
            known = AuthorizeQuery.read(text);
            if (queries.size() >= MOST_QUERIES) {
                queries.clear();
            }
            queries.put(text, known);
        }
        return known;
    }

    /** The visitor's, as its browser sent it. Several are no origin, and are passed on as such. */
    private static @Nullable String origin(MultiMap headers) {
        List<String> all = headers.getAll(HttpHeaders.ORIGIN);
        return switch (all.size()) {
            case 0 -> null;
            case 1 -> all.getFirst();
            default -> String.join(", ", all);
        };
    }

    private @Nullable String address(Exchange exchange) {
        return clientAddress == null
                ? exchange.peer().address()
                : clientAddress.in(exchange.request().headers().getAll(clientHeader));
    }

    /**
     * Of a token in its overlap: since when it is superseded (RFC 9745), and until when it works (RFC 8594), which is no
     * longer than its key does.
     */
    private static void deprecate(MultiMap headers, Verdict verdict) {
        FeedChange.Token superseded = verdict.inOverlap().orElse(null);
        if (superseded != null) {
            headers.add(DEPRECATION, "@" + superseded.supersededAt() / 1_000_000);
            headers.add(SUNSET, HttpDate.of(verdict.endsAt()));
        }
    }

    private void refuse(Exchange exchange, Code code, Presented presented) {
        HttpServerResponse response = exchange.response();
        response.putHeader(CODE, CODES.getOrDefault(code, ""));
        int status = status(code);
        if (status == 401) {
            response.putHeader(Exchange.WWW_AUTHENTICATE, challenge(presented));
        } else if (status == 503) {
            response.putHeader(HttpHeaders.RETRY_AFTER, ONE);
        }
        exchange.end(status, null);
    }

    private static int status(Code refusal) {
        return switch (refusal) {
            case MALFORMED, UNKNOWN, REVOKED, EXPIRED, DISABLED, SUSPENDED -> 401;
            case WEBSITE_NOT_ALLOWED, NETWORK_NOT_ALLOWED, APP_NOT_ALLOWED, PERMISSION_DENIED -> 403;
            case RATE_LIMITED, QUOTA_EXCEEDED -> 429;
            case STALE -> 503;
            case VALID -> throw new IllegalStateException("a valid token is not refused");
        };
    }

    private static CharSequence challenge(Presented presented) {
        if (presented.basic()) {
            return BASIC;
        }
        return presented.token() == null ? NO_TOKEN : BEARER;
    }

    private static Map<Code, CharSequence> codes() {
        Map<Code, CharSequence> texts = new EnumMap<>(Code.class);
        for (Code code : Code.values()) {
            texts.put(code, HttpHeaders.createOptimized(code.name()));
        }
        return texts;
    }
}
