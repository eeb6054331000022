package dev.keyrack.server.components;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.keyrack.server.conversations.VisitorCallApi;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.verifier.KeyId;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What a web key configures, for the component on any page where the key is good. */
@RestController
public final class VisitorComponentApi {
    private final Components components;
    private final VisitorCallApi calls;

    public VisitorComponentApi(Components components, VisitorCallApi calls) {
        this.components = components;
        this.calls = calls;
    }

    record Published(String id, @JsonUnwrapped ComponentOptions options) {}

    /** Kept by browsers, and asked for again each time: 304 while nothing has changed. */
    @GetMapping(path = "/assistant/v1/components/{keyId}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Published> get(@PathVariable String keyId, HttpServletRequest request) {
        Components.Published found =
                components.published(keyId).orElseThrow(() -> new ProblemException(new Problem.NotFound()));
        calls.requireGood(request, new KeyId(keyId));
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .eTag(Components.tag(found.options()))
                .body(new Published(keyId, found.options()));
    }
}
