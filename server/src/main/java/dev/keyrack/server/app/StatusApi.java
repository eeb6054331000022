package dev.keyrack.server.app;

import dev.keyrack.gate.Networks;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.verifier.Replica;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Health for load balancers, metrics for trusted networks. */
@RestController
final class StatusApi {
    private static final List<String> FORWARDING = List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via");

    private final Replica replica;
    private final PrometheusMeterRegistry metrics;
    private final Networks trusted;
    private volatile boolean ready;

    StatusApi(Replica replica, PrometheusMeterRegistry metrics, Networks trusted) {
        this.replica = replica;
        this.metrics = metrics;
        this.trusted = trusted;
    }

    record Health(String status, @Nullable String reason) {}

    void ready() {
        ready = true;
    }

    @GetMapping("/health/live")
    Health live() {
        return new Health("live", null);
    }

    /** Ready means both planes. */
    @GetMapping("/health/ready")
    ResponseEntity<Health> health() {
        if (!ready) {
            return ResponseEntity.status(503).body(new Health("starting", "the data plane is not up yet"));
        }
        return replica.halted()
                .map(reason -> ResponseEntity.status(503).body(new Health("halted", reason)))
                .orElseGet(() -> ResponseEntity.ok(new Health("ready", null)));
    }

    @GetMapping(path = "/metrics", produces = MediaType.TEXT_PLAIN_VALUE)
    String metrics(HttpServletRequest request) {
        String peer = request.getRemoteAddr();
        boolean forwarded = FORWARDING.stream().anyMatch(h -> request.getHeader(h) != null);
        if ((Networks.isLoopback(peer) && !forwarded) || trusted.containText(peer)) {
            return metrics.scrape();
        }
        throw new ProblemException(new Problem.NotFound());
    }
}
