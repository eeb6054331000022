package dev.keyrack.server.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.keyrack.gate.Networks;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Health for load balancers, metrics for trusted networks. */
@RestController
final class StatusApi {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Following following;
    private final PrometheusMeterRegistry metrics;
    private final Networks trusted;
    private final BooleanSupplier ready;

    StatusApi(Following following, PrometheusMeterRegistry metrics, Networks trusted, BooleanSupplier ready) {
        this.following = following;
        this.metrics = metrics;
        this.trusted = trusted;
        this.ready = ready;
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Health(String status, @Nullable String reason) {
        static final Health UP = new Health("up", null);

        static ResponseEntity<Health> down(String reason) {
            return ResponseEntity.status(503).body(new Health("down", reason));
        }
    }

    @GetMapping("/health/live")
    Health live() {
        return Health.UP;
    }

    /** Ready means both planes. */
    @GetMapping("/health/ready")
    ResponseEntity<Health> health() {
        if (!ready.getAsBoolean()) {
            return Health.down("the data plane is not up yet");
        }
        if (following.verifier().lease().left() == 0) {
            return Health.down("the lease is over: the database has not been heard of");
        }
        return following.replica().halted().map(Health::down).orElseGet(() -> ResponseEntity.ok(Health.UP));
    }

    /** As on the data plane: for callers of a trusted network, and of this machine, that no proxy passed on. */
    @GetMapping("/metrics")
    ResponseEntity<String> metrics(HttpServletRequest request) {
        String peer = Requests.peer(request);
        boolean passedOn = Requests.forwarded(request) || !peer.equals(request.getRemoteAddr());
        if (passedOn || !(Networks.isLoopback(peer) || trusted.containText(peer))) {
            throw new ProblemException(new Problem.NotFound());
        }
        return ResponseEntity.ok().contentType(MediaType.parseMediaType(TEXT)).body(metrics.scrape(TEXT));
    }
}
