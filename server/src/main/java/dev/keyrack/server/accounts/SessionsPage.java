package dev.keyrack.server.accounts;

import dev.keyrack.server.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** My account &gt; Sessions: where the reader is signed in, and how to end that. */
@RestController
@RequestMapping("/account/sessions")
public final class SessionsPage {
    private final Pages pages;
    private final Sessions sessions;

    public SessionsPage(Pages pages, Sessions sessions) {
        this.pages = pages;
        this.sessions = sessions;
    }

    /** @param current whether it is the one of this page */
    public record Row(
            String id,
            Browser browser,
            @Nullable String address,
            long createdAt,
            long seenAt,
            long endsAt,
            boolean current) {}

    public record Model(List<Row> sessions) {}

    @GetMapping
    ResponseEntity<byte[]> list(Caller caller, HttpServletRequest request) {
        String current = PortalSessions.signed(request).session().id();
        return pages.show(
                request,
                "accounts/sessions",
                new Model(sessions.list(caller).stream()
                        .map(s -> new Row(
                                s.id(),
                                Browser.of(s.browser()),
                                s.address(),
                                s.createdAt(),
                                s.seenAt(),
                                s.endsAt(),
                                s.id().equals(current)))
                        .toList()));
    }

    @PostMapping("/{id}/end")
    ResponseEntity<byte[]> end(Caller caller, @PathVariable String id, HttpServletRequest request) {
        sessions.end(PortalSessions.signed(request), id);
        return Pages.go("/account/sessions?done=session-ended");
    }

    @PostMapping("/end-others")
    ResponseEntity<byte[]> endOthers(Caller caller, HttpServletRequest request) {
        sessions.endOthers(PortalSessions.signed(request));
        return Pages.go("/account/sessions?done=sessions-ended");
    }
}
