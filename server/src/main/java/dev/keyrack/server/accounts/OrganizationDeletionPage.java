package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.portal.Cookies;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.portal.Reader;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Settings &gt; Organization &gt; Delete: what breaks, before it is done, and the proof that it is. */
@RestController
@RequestMapping(OrganizationDeletionPage.ADDRESS)
public final class OrganizationDeletionPage {
    static final String ADDRESS = "/settings/organization/delete";

    private final Pages pages;
    private final Cookies cookies;
    private final OrganizationStates states;
    private final OperatorOrganizationsPage.KeyCount keys;

    public OrganizationDeletionPage(
            Pages pages, Cookies cookies, OrganizationStates states, OperatorOrganizationsPage.KeyCount keys) {
        this.pages = pages;
        this.cookies = cookies;
        this.states = states;
        this.keys = keys;
    }

    /**
     * @param keys how many of it work
     * @param members how many lose access
     * @param keptUntil until when the operator could restore it, in microseconds since 1970
     */
    public record Question(Organization organization, long keys, long members, long keptUntil, Form form) {}

    @GetMapping
    ResponseEntity<byte[]> question(Caller caller, HttpServletRequest request) {
        OrganizationStates.Deletable own = asked(caller, request);
        return question(caller, request, HttpStatus.OK, own, Form.of(Map.of()));
    }

    /** Whoever may not do it hears so before they are asked for their password. */
    private OrganizationStates.Deletable asked(Caller caller, HttpServletRequest request) {
        OrganizationStates.Deletable own =
                states.deletable(caller, caller.requireOrganization().id());
        PortalSessions.requireRecent(request, ADDRESS);
        return own;
    }

    private ResponseEntity<byte[]> question(
            Caller caller, HttpServletRequest request, HttpStatus status, OrganizationStates.Deletable own, Form form) {
        long working = keys.of(own.organization().id());
        return pages.show(
                request,
                status,
                "accounts/organization-delete",
                new Question(own.organization(), working, own.members(), states.keptUntil(caller), form));
    }

    /**
     * @param confirmation how it is known that every node knows
     * @param asked when it was asked for, in microseconds since 1970
     */
    public record Deleted(String name, Organization.Deletion deletion, Record confirmation, long asked) {}

    @PostMapping
    ResponseEntity<byte[]> delete(Caller caller, HttpServletRequest request) {
        OrganizationStates.Deletable own = asked(caller, request);
        Form form = Form.of(request);
        String subdomain = own.organization().subdomain();
        if (!form.value("subdomain").strip().equals(subdomain)) {
            Problem wrong = Problem.InvalidRequest.at("/subdomain", Sentence.of("problem.subdomain-typed", subdomain));
            return question(caller, request, Pages.status(wrong), own, form.with(wrong));
        }
        OrganizationStates.Confirmed done =
                states.delete(caller, own.organization().id());
        // From here on, nobody is signed in.
        request.removeAttribute(Reader.ATTRIBUTE);
        ResponseEntity<byte[]> shown = pages.show(
                request,
                "accounts/organization-deleted",
                new Deleted(
                        done.organization().name(),
                        Objects.requireNonNull(done.organization().deletion()),
                        done.confirmation(),
                        caller.at()));
        return ResponseEntity.ok()
                .headers(shown.getHeaders())
                .header(HttpHeaders.SET_COOKIE, cookies.clear(Cookies.Kind.SESSION))
                .header("Clear-Site-Data", "\"cache\", \"storage\"")
                .body(shown.getBody());
    }
}
