package dev.keyrack.gate;

import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Scope;
import dev.keyrack.verifier.Verdict;
import dev.keyrack.verifier.Verifier;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop of a gate: its connections, how long each may take, and which endpoint answers. Nothing in here is
 * touched by another thread.
 */
final class GateLoop extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final int MAX_INITIAL_LINE = 4 * 1024;
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Gate gate;
    private final GateSettings settings;
    private final GateMetrics metrics;
    private final VerifyApi verify;
    private final AuthorizeApi authorize;
    private final IntrospectApi introspect;
    private final StatusApi status;
    private final IdentityHashMap<HttpConnection, Peer> peers = new IdentityHashMap<>();
    private final JsonOut json = new JsonOut();
    private final CappedLog log = new CappedLog(LOG);
    private Optional<HttpServer> server = Optional.empty();

    GateLoop(Gate gate, Verifier verifier, StatusApi.Source source) {
        this.gate = gate;
        this.settings = gate.settings();
        this.metrics = gate.metrics();
        Askers askers = new Askers(verifier, gate.refusals());
        this.verify = new VerifyApi(this, verifier, askers, settings.bounds().maxBody());
        this.authorize = new AuthorizeApi(this, verifier, askers, settings);
        this.introspect =
                new IntrospectApi(this, verifier, askers, settings.bounds().maxBody());
        this.status = new StatusApi(this, source);
    }

    @Override
    public Future<?> start() {
        long period = Math.clamp(
                Math.min(
                                settings.bounds().idleTime().toMillis(),
                                settings.bounds().requestTime().toMillis())
                        / 4,
                10,
                1_000);
        vertx.setPeriodic(period, timer -> closeLate());
        HttpServer own = vertx.createHttpServer(options())
                .connectionHandler(this::connected)
                .requestHandler(this::requested)
                .invalidRequestHandler(this::undecodable)
                .exceptionHandler(GateLoop::ignore);
        server = Optional.of(own);
        return own.listen(gate.address()).onSuccess(listening -> gate.listening(listening.actualPort()));
    }

    @Override
    public Future<?> stop() {
        return server.map(own -> own.shutdown(DRAIN)).orElseGet(Future::succeededFuture);
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setAlpnVersions(List.of(HttpVersion.HTTP_1_1))
                .setMaxInitialLineLength(MAX_INITIAL_LINE)
                .setMaxHeaderSize(settings.bounds().maxHeader())
                .setHandle100ContinueAutomatically(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setAcceptBacklog(1024)
                .setTcpNoDelay(true);
    }

    private void connected(HttpConnection connection) {
        if (gate.connections().incrementAndGet() > settings.bounds().maxConnections()) {
            gate.connections().decrementAndGet();
            connection.close();
            return;
        }
        SocketAddress address = connection.remoteAddress();
        String peer = address == null ? null : address.hostAddress();
        peers.put(
                connection,
                new Peer(gate.trust(peer), peer == null ? "?" : withoutZone(peer), settings, System.nanoTime()));
        connection.closeHandler(closed -> {
            if (peers.remove(connection) != null) {
                gate.connections().decrementAndGet();
            }
        });
    }

    /** A link-local address comes with the interface that it arrived on: {@code fe80::1%eth0}. */
    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }

    /** A client gets its time for a whole request, not for each byte of it. */
    private void closeLate() {
        long now = System.nanoTime();
        for (Map.Entry<HttpConnection, Peer> entry : List.copyOf(peers.entrySet())) {
            if (entry.getValue().late(now)) {
                entry.getKey().close();
            }
        }
    }

    /**
     * Answers, or begins to. A client that does not read its answers is no burden: Vert.x hands over its next request
     * when the last answer has left.
     */
    private void requested(HttpServerRequest request) {
        Peer peer = peers.get(request.connection());
        if (peer == null) {
            request.connection().close();
            return;
        }
        long now = System.nanoTime();
        peer.begins(now);
        Exchange exchange = new Exchange(request, peer, now);
        guarded(exchange, () -> route(exchange));
    }

    /** Runs a part of an answer, so that neither a refusal nor a bug leaves the request without one. */
    void guarded(Exchange exchange, Runnable answer) {
        try {
            answer.run();
        } catch (ProblemException refusal) {
            refuse(exchange, refusal.problem());
        } catch (RuntimeException bug) {
            failed(exchange, bug);
        }
    }

    private void route(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        checkHead(request);
        HttpMethod method = request.method();
        String path = request.path();
        switch (path == null ? "" : path) {
            case AuthorizeApi.PATH -> {
                if (reads(method)) {
                    authorize.answer(exchange);
                } else {
                    wrongMethod(exchange, "GET, HEAD");
                }
            }
            case VerifyApi.PATH -> {
                if (method.equals(HttpMethod.POST)) {
                    verify.begin(exchange);
                } else {
                    wrongMethod(exchange, "POST");
                }
            }
            case IntrospectApi.PATH -> {
                if (method.equals(HttpMethod.POST)) {
                    introspect.begin(exchange);
                } else {
                    wrongMethod(exchange, "POST");
                }
            }
            case StatusApi.LIVE, StatusApi.READY, StatusApi.METRICS -> {
                if (reads(method)) {
                    status.answer(exchange, path);
                } else {
                    wrongMethod(exchange, "GET, HEAD");
                }
            }
            default -> {
                if (method.equals(HttpMethod.TRACE) || method.equals(HttpMethod.CONNECT)) {
                    wrongMethod(exchange, "GET, HEAD, POST");
                } else {
                    throw notFound();
                }
            }
        }
    }

    private static boolean reads(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    /** What the decoder lets pass: RFC 9112, 3.2 wants exactly one Host, but for HTTP/1.0, and 5 a name on every header. */
    private static void checkHead(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && request.version() != HttpVersion.HTTP_1_0)) {
            throw Problem.malformed("a request has exactly one Host header").exception();
        }
        if (request.headers().contains("")) {
            throw Problem.malformed("a header has no name").exception();
        }
    }

    private void wrongMethod(Exchange exchange, String allowed) {
        exchange.response().putHeader(HttpHeaders.ALLOW, allowed);
        throw Problem.of(Problem.Kind.METHOD_NOT_ALLOWED, "the methods here are " + allowed)
                .exception();
    }

    static ProblemException notFound() {
        return Problem.of(Problem.Kind.NOT_FOUND, "the path is not one of this gate's")
                .exception();
    }

    /** Bytes that are no HTTP request. Where the next one would start is unknown, so the connection ends here. */
    private void undecodable(HttpServerRequest request) {
        Problem problem = switch (request.decoderResult().cause()) {
            case TooLongHttpLineException tooLong ->
                Problem.of(
                        Problem.Kind.TARGET_TOO_LONG,
                        "the request line may have at most " + MAX_INITIAL_LINE + " bytes");
            case TooLongHttpHeaderException tooLong ->
                Problem.of(
                        Problem.Kind.HEADERS_TOO_LARGE,
                        "the headers may have at most " + settings.bounds().maxHeader() + " bytes");
            case null, default -> Problem.malformed("the request is not HTTP/1.1");
        };
        Peer peer = peers.get(request.connection());
        if (peer != null) {
            metrics.malformedRequest();
            Exchange exchange = new Exchange(request, peer, System.nanoTime());
            exchange.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            exchange.problem(problem, json);
        }
        request.connection().close();
    }

    Scope scope(Askers askers, Exchange exchange, Endpoint endpoint) {
        try {
            return askers.scope(exchange.request(), exchange.peer(), endpoint);
        } catch (ProblemException refusal) {
            if (refusal.problem().kind() != Problem.Kind.STALE) {
                metrics.refusedAsker(endpoint);
                log.warn(
                        "request {} from {}: asker refused on {}: {}",
                        exchange.id(),
                        exchange.peer().address(),
                        endpoint.label(),
                        refusal.problem().detail());
            }
            throw refusal;
        }
    }

    void refuse(Exchange exchange, Problem problem) {
        if (problem.kind() == Problem.Kind.STALE) {
            log.warn("request {}: 503: {}", exchange.id(), problem.detail());
        } else if (problem.kind().status() != 401) {
            metrics.malformedRequest();
        }
        if (!exchange.answered()) {
            exchange.problem(problem, json);
        }
    }

    /** A bug. What it was stands in the log only, under the request's id. */
    private void failed(Exchange exchange, RuntimeException bug) {
        LOG.error("request {} failed", exchange.id(), bug);
        if (!exchange.answered()) {
            exchange.response().headers().clear();
            exchange.problem(Problem.of(Problem.Kind.INTERNAL_ERROR, "the log has more under this request id"), json);
        }
    }

    /** As below, and counts what was refused of a known key. */
    void gave(Question question, Verdict verdict, Exchange exchange, Endpoint endpoint) {
        if (verdict.code() != Code.VALID || !verdict.observed().isEmpty()) {
            gate.refusals().count(question, verdict);
        }
        gave(verdict.code(), exchange, endpoint);
    }

    /** Counts a verdict that was given, and logs it where it is the gate's fault. */
    void gave(Code code, Exchange exchange, Endpoint endpoint) {
        metrics.verdict(endpoint, code, exchange.took());
        if (code == Code.STALE) {
            log.warn("request {}: 503 on {}: STALE", exchange.id(), endpoint.label());
        }
    }

    JsonOut json() {
        return json;
    }

    /** Broken connections are the client's affair, and their messages may quote what it sent. */
    private static void ignore(Throwable cause) {
        LOG.trace("a connection broke: {}", cause.getClass().getSimpleName());
    }
}
