package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.ListLinks;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Operator: the organizations of the installation; to make one, to suspend one, to resume it. */
@RestController
@RequestMapping("/operator/organizations")
public final class OperatorOrganizationsPage {
    private final Pages pages;
    private final Organizations organizations;
    private final Accounts accounts;
    private final Idempotency idempotency;

    public OperatorOrganizationsPage(
            Pages pages, Organizations organizations, Accounts accounts, Idempotency idempotency) {
        this.pages = pages;
        this.organizations = organizations;
        this.accounts = accounts;
        this.idempotency = idempotency;
    }

    /** @param next the cursor of the next page; nothing on the last one */
    public record Listed(
            List<Organization> organizations, @Nullable String next, Form filters, ListLinks links) {}

    @GetMapping
    ResponseEntity<byte[]> list(Caller caller, HttpServletRequest request) {
        caller.requireOperator();
        ListQuery query = OrganizationsApi.LIST.readForPage(request);
        Page<Organization> page = organizations.list(caller, query);
        Form filters = Form.of(request);
        return pages.show(
                request,
                "accounts/organizations",
                new Listed(page.items(), page.next(), filters, new ListLinks(request, query, List.of("search"))));
    }

    @GetMapping("/new")
    ResponseEntity<byte[]> form(Caller caller, HttpServletRequest request) {
        caller.requireOperator();
        return pages.show(request, "accounts/organization-new", Form.of(Map.of()));
    }

    /** @param token the first Owner's personal token, which is shown this once */
    public record Made(String name, String subdomain, String email, String token) {}

    @PostMapping("/new")
    ResponseEntity<byte[]> create(Caller caller, HttpServletRequest request) {
        caller.requireOperator();
        Form form = Form.of(request);
        try {
            JsonInput in = new FormBody(request)
                    .text("name")
                    .text("subdomain")
                    .text("ownerEmail")
                    .input();
            AccountsApi.NewOrganization wanted = AccountsApi.NewOrganization.read(in);
            Creation<Accounts.Founded> creation = idempotency.formCreation(
                    request,
                    Secret.of(form.once()),
                    in,
                    caller.credential(),
                    founded -> Answer.created(
                                    "/api/v1/organizations/"
                                            + founded.organization().id(),
                                    founded.organization().version(),
                                    AccountsApi.FoundedBody.of(founded))
                            .withTokenOf(founded.owner().id()));
            JsonNode made = Objects.requireNonNull(creation.answer(() ->
                            accounts.create(caller, wanted.name(), wanted.subdomain(), wanted.ownerEmail(), creation))
                    .getBody());
            return pages.show(
                    request,
                    HttpStatus.CREATED,
                    "accounts/organization-made",
                    new Made(
                            wanted.name(),
                            wanted.subdomain(),
                            wanted.ownerEmail(),
                            made.get("token").stringValue()));
        } catch (ProblemException e) {
            return pages.show(request, Pages.status(e.problem()), "accounts/organization-new", form.with(e.problem()));
        }
    }

    /** What suspending does, before it is done. */
    @GetMapping("/{id}/suspend")
    ResponseEntity<byte[]> suspension(Caller caller, @PathVariable String id, HttpServletRequest request) {
        caller.requireOperator();
        return pages.show(request, "accounts/organization-suspend", organizations.get(caller, id));
    }

    /** @param confirmation how it is known that every node knows */
    public record Changed(Organization organization, Record confirmation) {}

    @PostMapping("/{id}/suspend")
    ResponseEntity<byte[]> suspend(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return changed(request, organizations.suspend(caller, id));
    }

    @PostMapping("/{id}/resume")
    ResponseEntity<byte[]> resume(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return changed(request, organizations.resume(caller, id));
    }

    private ResponseEntity<byte[]> changed(HttpServletRequest request, Organizations.Confirmed done) {
        return pages.show(
                request, "accounts/organization-changed", new Changed(done.organization(), done.confirmation()));
    }
}
