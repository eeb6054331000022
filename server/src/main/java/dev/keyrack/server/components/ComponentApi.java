package dev.keyrack.server.components;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Requests;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The options of a web key, and its project's own page, over HTTP. */
@RestController
@RequestMapping(path = "/api/v1/keys/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
public final class ComponentApi {
    private final Components components;
    private final Supplier<String> base;

    /** @param base the address by which people reach the control plane, without a slash at its end */
    public ComponentApi(Components components, Supplier<String> base) {
        this.components = components;
        this.base = base;
    }

    /** @param hostedPage the address of the project's own page, if it opens this key */
    record Answered(ComponentOptions component, @Nullable String hostedPage) {}

    @GetMapping("/component")
    ResponseEntity<Answered> get(Caller caller, @PathVariable String id) {
        return answer(components.get(caller, id));
    }

    @PatchMapping("/component")
    ResponseEntity<Answered> update(Caller caller, @PathVariable String id, HttpServletRequest request) {
        JsonInput in = Requests.body(request);
        return answer(components.update(caller, id, in, version -> Requests.requireMatch(request, version)));
    }

    @PutMapping("/hosted-page")
    ResponseEntity<Answered> host(Caller caller, @PathVariable String id) {
        return answer(components.host(caller, id, true));
    }

    @DeleteMapping("/hosted-page")
    ResponseEntity<Answered> unhost(Caller caller, @PathVariable String id) {
        return answer(components.host(caller, id, false));
    }

    private ResponseEntity<Answered> answer(Components.Component component) {
        boolean hosted = component.key().id().equals(component.hostedBy());
        return ResponseEntity.ok()
                .eTag(Requests.etag(component.version()))
                .body(new Answered(
                        component.options(),
                        hosted ? base.get() + HostedPage.address(component.key().projectId()) : null));
    }
}
