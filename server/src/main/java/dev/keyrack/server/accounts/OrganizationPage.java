package dev.keyrack.server.accounts;

import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Settings &gt; Organization: its name, its colour and logo, and how long what is kept. */
@RestController
public final class OrganizationPage {
    private final Pages pages;
    private final Organizations organizations;

    public OrganizationPage(Pages pages, Organizations organizations) {
        this.pages = pages;
        this.organizations = organizations;
    }

    /** @param logo the address of its picture */
    public record Model(
            String id,
            String subdomain,
            boolean operator,
            long createdAt,
            Form form,
            @Nullable String logo) {}

    @GetMapping("/settings/organization")
    ResponseEntity<byte[]> show(Caller caller, HttpServletRequest request) {
        caller.require(Right.MANAGE);
        Organization now =
                organizations.get(caller, caller.requireOrganization().id());
        return show(request, HttpStatus.OK, now, form(now));
    }

    /** The page again, because the file of a logo does not fit. */
    ResponseEntity<byte[]> again(Caller caller, HttpServletRequest request, ProblemException refused) {
        Organization now =
                organizations.get(caller, caller.requireOrganization().id());
        return show(request, Pages.status(refused.problem()), now, form(now).with(refused));
    }

    private static Form form(Organization now) {
        return Form.of(Map.of(
                "name",
                now.name(),
                "settings.accentColor",
                Objects.requireNonNullElse(now.settings().accentColor(), ""),
                "settings.conversationDays",
                String.valueOf(now.settings().keptConversationDays()),
                "version",
                String.valueOf(now.version())));
    }

    private ResponseEntity<byte[]> show(HttpServletRequest request, HttpStatus status, Organization now, Form form) {
        return pages.show(
                request,
                status,
                "accounts/organization",
                new Model(now.id(), now.subdomain(), now.operator(), now.createdAt(), form, now.logoAddress()));
    }

    @PostMapping("/settings/organization")
    ResponseEntity<byte[]> save(Caller caller, HttpServletRequest request) {
        caller.require(Right.MANAGE);
        String id = caller.requireOrganization().id();
        try {
            JsonInput in = new FormBody(request)
                    .text("name")
                    .textOrNull("settings.accentColor")
                    .number("settings.conversationDays")
                    .input();
            String name = in.name("name", 100);
            UnaryOperator<OrganizationSettings> settings = OrganizationsApi.settings(in);
            in.finish();
            String seen = Form.of(request).value("version");
            organizations.update(caller, id, name, settings, version -> {
                if (!seen.equals(String.valueOf(version))) {
                    throw new ProblemException(new Problem.PreconditionFailed(Sentence.of("problem.form-stale")));
                }
            });
            return Pages.go("/settings/organization?done=organization-saved");
        } catch (ProblemException e) {
            Organization now = organizations.get(caller, id);
            Form typed = Form.of(request).with("version", String.valueOf(now.version()));
            return show(request, Pages.status(e.problem()), now, typed.with(e.problem()));
        }
    }

    /** The style sheet with the organization's colour, for its own members. */
    @GetMapping(path = "/theme/{id}.css", produces = "text/css")
    ResponseEntity<String> theme(Caller caller, @PathVariable String id) {
        Organization own = caller.requireOrganization();
        String colour = own.id().equals(id) ? own.settings().accentColor() : null;
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("text/css"))
                .body(colour == null ? "" : Accent.of(colour).style());
    }
}
