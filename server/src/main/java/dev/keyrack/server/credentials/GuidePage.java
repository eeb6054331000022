package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The integration guide: how a program sends its key, and how a service asks whether one is good. */
@RestController
public final class GuidePage {
    private final Pages pages;

    public GuidePage(Pages pages) {
        this.pages = pages;
    }

    /** @param subdomain the user name of HTTP Basic */
    public record Model(String subdomain, List<Snippet.Shown> programs, Snippet.Shown verify) {}

    @GetMapping("/guide")
    ResponseEntity<byte[]> guide(Caller caller, HttpServletRequest request) {
        return pages.show(
                request,
                "credentials/guide",
                new Model(
                        caller.requireOrganization().subdomain(),
                        Snippet.PROGRAMS.stream().map(Snippet::shown).toList(),
                        Snippet.VERIFY.shown()));
    }
}
