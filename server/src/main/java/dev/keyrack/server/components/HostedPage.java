package dev.keyrack.server.components;

import dev.keyrack.server.accounts.Organizations;
import dev.keyrack.server.conversations.PageCodes;
import dev.keyrack.server.conversations.VisitorCallApi;
import dev.keyrack.server.credentials.WebKey;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.KeyId;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The page of its own that a project can have: the assistant, full screen, for everybody who has the address. */
@RestController
public final class HostedPage {
    private final Pages pages;
    private final Components components;
    private final PageCodes codes;
    private final VisitorCallApi calls;
    private final Organizations organizations;

    public HostedPage(
            Pages pages, Components components, PageCodes codes, VisitorCallApi calls, Organizations organizations) {
        this.pages = pages;
        this.components = components;
        this.codes = codes;
        this.calls = calls;
        this.organizations = organizations;
    }

    static String address(String projectId) {
        return "/a/" + projectId;
    }

    /**
     * @param options as the component takes them, JSON
     * @param logo the address of the organization's
     */
    public record Model(
            String title,
            String keyId,
            String code,
            String options,
            @Nullable String logo) {}

    @GetMapping("/a/{projectId}")
    ResponseEntity<byte[]> page(@PathVariable String projectId, HttpServletRequest request) {
        Components.Published shown =
                components.hosted(projectId).orElseThrow(() -> new ProblemException(new Problem.NotFound()));
        WebKey key = shown.key();
        requireOpen(request, key);
        return pages.forVisitors(
                request,
                "components/hosted",
                new Model(
                        shown.options().title(),
                        key.id(),
                        codes.hosted(key.id()),
                        Components.json(shown.options()),
                        organizations.logoAddress(key.organizationId()).orElse(null)),
                "'none'");
    }

    /** Whoever would be refused a conversation finds no page. */
    private void requireOpen(HttpServletRequest request, WebKey key) {
        try {
            calls.requireGoodOnOwnPage(request, new KeyId(key.id()));
        } catch (ProblemException e) {
            throw new ProblemException(
                    e.problem() instanceof Problem.Visiting(VisitorCode code, String text, long seconds)
                                    && code == VisitorCode.STALE
                            ? e.problem()
                            : new Problem.NotFound());
        }
    }
}
