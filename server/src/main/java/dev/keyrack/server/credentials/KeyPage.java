package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Owner;
import dev.keyrack.server.accounts.PortalSessions;
import dev.keyrack.server.audit.AuditTrail;
import dev.keyrack.server.audit.EventBody;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The page of a key: what it is, what was done to it, and what takes one click. */
@RestController
@RequestMapping("/settings/api-keys/{id}")
public final class KeyPage {
    private static final ListQuery.Rules EVENTS = AuditTrail.list();

    private final Pages pages;
    private final Credentials credentials;
    private final Rotation rotation;
    private final Projects projects;
    private final AuditTrail trail;

    public KeyPage(Pages pages, Credentials credentials, Projects projects, AuditTrail trail) {
        this.pages = pages;
        this.credentials = credentials;
        this.rotation = credentials.rotation();
        this.projects = projects;
        this.trail = trail;
    }

    /**
     * A token that works.
     *
     * @param endsAt until when; nothing for the newest
     */
    public record Working(
            int generation, long createdAt, @Nullable Long endsAt) {}

    /**
     * @param permissions nothing when it has all that its type allows
     * @param undo what undoes what was just done: enable or disable; nothing where there is nothing to undo
     */
    public record General(
            KeyTab tab,
            @Nullable Owner owner,
            int generation,
            List<Working> tokens,
            @Nullable List<String> permissions,
            Map<String, String> metadata,
            @Nullable String undo) {}

    @GetMapping
    ResponseEntity<byte[]> general(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.get(caller, id);
        return pages.show(
                request,
                "credentials/key",
                new General(
                        KeyTab.of(caller, key, projects),
                        key.owner(),
                        key.generation(),
                        key.tokens().stream()
                                // A token's end passes without anybody changing the key.
                                .filter(token -> token.endsAt() == null || token.endsAt() > caller.at())
                                .map(token -> new Working(token.generation(), token.createdAt(), token.endsAt()))
                                .toList(),
                        key.permissions(),
                        new TreeMap<>(key.metadata()),
                        undo(request)));
    }

    private static @Nullable String undo(HttpServletRequest request) {
        return switch (String.valueOf(request.getParameter("done"))) {
            case "key-disabled" -> "enable";
            case "key-enabled" -> "disable";
            default -> null;
        };
    }

    public record Revealed(KeyTab tab, String token) {}

    /** For the script, which takes the token out of the page, and for whoever has none. Audited like every look at it. */
    @PostMapping("/reveal")
    ResponseEntity<byte[]> reveal(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        PortalSessions.requireRecent(request, KeyTab.address(key.id().value()));
        String token = credentials.reveal(caller, id).reveal();
        return pages.show(request, "credentials/key-token", new Revealed(KeyTab.of(caller, key, projects), token));
    }

    @PostMapping("/disable")
    ResponseEntity<byte[]> disable(Caller caller, @PathVariable String id) {
        return done(credentials.disable(caller, id, version -> {}), "key-disabled");
    }

    @PostMapping("/enable")
    ResponseEntity<byte[]> enable(Caller caller, @PathVariable String id) {
        return done(credentials.enable(caller, id, version -> {}), "key-enabled");
    }

    @PostMapping("/end-overlap")
    ResponseEntity<byte[]> endOverlap(Caller caller, @PathVariable String id) {
        return done(rotation.endOverlap(caller, id, version -> {}), "overlap-ended");
    }

    private static ResponseEntity<byte[]> done(Credentials.Confirmed<Key> confirmed, String what) {
        return Pages.go(KeyTab.address(confirmed.result().id().value()) + "?done=" + what);
    }

    /** @param first whether the list begins with the newest event */
    public record Activity(
            KeyTab tab,
            List<EventBody> events,
            boolean first,
            @Nullable String next) {}

    @GetMapping("/activity")
    ResponseEntity<byte[]> activity(Caller caller, @PathVariable String id, HttpServletRequest request) {
        ListQuery query = EVENTS.readForPage(request);
        Key key = credentials.get(caller, id);
        Page<EventBody> page = trail.of(key.organizationId(), key.id().value(), query);
        return pages.show(
                request,
                "credentials/key-activity",
                new Activity(KeyTab.of(caller, key, projects), page.items(), query.after() == null, page.next()));
    }
}
