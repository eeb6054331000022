package dev.keyrack.gate;

import dev.keyrack.verifier.Lease;
import dev.keyrack.verifier.Replica;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Health for whoever runs the gate, and metrics for the networks that are trusted. */
final class StatusApi {
    static final String LIVE = "/health/live";
    static final String READY = "/health/ready";
    static final String METRICS = "/metrics";
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final GateLoop loop;
    private final Source source;

    StatusApi(GateLoop loop, Source source) {
        this.loop = loop;
        this.source = source;
    }

    /** What the state of a gate is read from. */
    record Source(
            Replica replica,
            Lease lease,
            BooleanSupplier closing,
            BooleanSupplier restReady,
            PrometheusMeterRegistry registry) {}

    void answer(Exchange exchange, String path) {
        switch (path) {
            case LIVE -> live(exchange);
            case READY -> ready(exchange);
            case METRICS -> metrics(exchange);
            default -> throw GateLoop.notFound();
        }
    }

    /** The process runs and its event loops turn. */
    private void live(Exchange exchange) {
        json(exchange, 200, loop.json().begin().raw("{\"status\":\"up\"}"));
    }

    /** The gate answers {@code VALID} for what is valid. */
    private void ready(Exchange exchange) {
        String reason = unready();
        if (reason == null) {
            json(exchange, 200, loop.json().begin().raw("{\"status\":\"up\"}"));
        } else {
            JsonOut out = loop.json().begin().raw("{\"status\":\"down\",\"reason\":");
            json(exchange, 503, out.string(reason).raw("}"));
        }
    }

    private @Nullable String unready() {
        if (source.closing().getAsBoolean()) {
            return "the gate is closing";
        }
        if (!source.replica().loaded()) {
            return "the keys are not loaded yet";
        }
        if (!source.restReady().getAsBoolean()) {
            return "the control plane is not up yet";
        }
        if (source.lease().left() == 0) {
            return "the lease is over: the control plane has not been heard of";
        }
        return source.replica().halted().orElse(null);
    }

    private void metrics(Exchange exchange) {
        if (!exchange.peer().trust().metrics() || Trust.forwarded(exchange.request())) {
            throw GateLoop.notFound();
        }
        exchange.response().putHeader(HttpHeaders.CONTENT_TYPE, TEXT);
        exchange.end(200, Buffer.buffer(source.registry().scrape(TEXT)));
    }

    private static void json(Exchange exchange, int status, JsonOut out) {
        exchange.response().putHeader(HttpHeaders.CONTENT_TYPE, Exchange.JSON);
        exchange.end(status, out.buffer());
    }
}
