package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.mail.Mail;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.ListLinks;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Operator: the organizations of the installation; to make one, to suspend one, to resume or restore it. */
@RestController
@RequestMapping(OperatorOrganizationsPage.ADDRESS)
public final class OperatorOrganizationsPage {
    static final String ADDRESS = "/operator/organizations";

    private final Pages pages;
    private final Organizations organizations;
    private final OrganizationStates states;
    private final Accounts accounts;
    private final Idempotency idempotency;
    private final Recovery recovery;
    private final Mail mail;
    private final KeyCount keys;
    private final Supplier<String> base;

    /** How many keys of an organization work. */
    public interface KeyCount {
        long of(String organizationId);
    }

    /** @param base the address by which people reach the control plane, without a slash at its end */
    public OperatorOrganizationsPage(
            Pages pages,
            Organizations organizations,
            OrganizationStates states,
            Accounts accounts,
            Idempotency idempotency,
            Recovery recovery,
            Mail mail,
            KeyCount keys,
            Supplier<String> base) {
        this.pages = pages;
        this.organizations = organizations;
        this.states = states;
        this.accounts = accounts;
        this.idempotency = idempotency;
        this.recovery = recovery;
        this.mail = mail;
        this.keys = keys;
        this.base = base;
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
        PortalSessions.requireRecent(request, ADDRESS + "/new");
        return pages.show(request, "accounts/organization-new", Form.of(Map.of()));
    }

    /**
     * @param link with which the first Owner chooses a password, shown this once; nothing on a reload
     * @param mailed whether it is on its way by mail as well
     * @param token the first Owner's personal token, which is shown this once
     */
    public record Made(String name, String email, @Nullable String link, boolean mailed, String token) {}

    @PostMapping("/new")
    ResponseEntity<byte[]> create(Caller caller, HttpServletRequest request) {
        caller.requireOperator();
        PortalSessions.requireRecent(request, ADDRESS + "/new");
        Form form = Form.of(request);
        try {
            JsonInput in = new FormBody(request)
                    .text("name")
                    .text("subdomain")
                    .text("ownerEmail")
                    .input();
            AccountsApi.NewOrganization wanted = AccountsApi.NewOrganization.read(in);
            AtomicReference<Accounts.Founded> fresh = new AtomicReference<>();
            Creation<Accounts.Founded> creation =
                    idempotency.formCreation(request, Secret.of(form.once()), in, caller.credential(), founded -> {
                        fresh.set(founded);
                        return Answer.created(
                                        "/api/v1/organizations/"
                                                + founded.organization().id(),
                                        founded.organization().version(),
                                        AccountsApi.FoundedBody.of(founded))
                                .withTokenOf(founded.owner().id());
                    });
            JsonNode made = Objects.requireNonNull(creation.answer(() ->
                            accounts.create(caller, wanted.name(), wanted.subdomain(), wanted.ownerEmail(), creation))
                    .getBody());
            Accounts.Founded founded = fresh.get();
            String link = founded == null ? null : link(caller, founded.owner());
            return pages.show(
                    request,
                    HttpStatus.CREATED,
                    "accounts/organization-made",
                    new Made(
                            wanted.name(),
                            wanted.ownerEmail(),
                            link,
                            link != null && mailed(request, wanted, link),
                            made.get("token").stringValue()));
        } catch (ProblemException e) {
            return pages.show(request, Pages.status(e.problem()), "accounts/organization-new", form.with(e.problem()));
        }
    }

    private String link(Caller caller, Member owner) {
        return recovery.offerToOwner(caller, owner.organizationId(), owner.id())
                .code()
                .link(base.get(), "recover");
    }

    private boolean mailed(HttpServletRequest request, AccountsApi.NewOrganization made, String link) {
        Mails.Text text = Mails.founded(Pages.texts(request), made.name(), link);
        return mail.send(made.ownerEmail(), text.subject(), text.body());
    }

    /**
     * @param owners for whom a link can be made
     * @param link that was just made, shown this once
     * @param owner whose it is
     */
    public record Way(
            Organization organization,
            List<Member> owners,
            @Nullable String link,
            @Nullable Member owner) {
        public Way {
            owners = List.copyOf(owners);
        }
    }

    /** For an organization whose Owners all lost their way in. */
    @GetMapping("/{id}/recovery")
    ResponseEntity<byte[]> ways(Caller caller, @PathVariable String id, HttpServletRequest request) {
        caller.requireOperator();
        PortalSessions.requireRecent(request, ADDRESS + "/" + id + "/recovery");
        Organization organization = organizations.get(caller, id);
        return pages.show(
                request,
                "accounts/organization-recovery",
                new Way(organization, recovery.owners(caller, id), null, null));
    }

    /** Each time another link, which ends the former. */
    @PostMapping("/{id}/recovery")
    ResponseEntity<byte[]> way(Caller caller, @PathVariable String id, HttpServletRequest request) {
        caller.requireOperator();
        PortalSessions.requireRecent(request, ADDRESS + "/" + id + "/recovery");
        Organization organization = organizations.get(caller, id);
        Recovery.Offered offered =
                recovery.offerToOwner(caller, id, Form.of(request).value("owner"));
        return pages.show(
                request,
                "accounts/organization-recovery",
                new Way(organization, List.of(), offered.code().link(base.get(), "recover"), offered.member()));
    }

    /** @param keys how many of it work */
    public record Suspension(Organization organization, long keys) {}

    /** What suspending does, before it is done. */
    @GetMapping("/{id}/suspend")
    ResponseEntity<byte[]> suspension(Caller caller, @PathVariable String id, HttpServletRequest request) {
        caller.requireOperator();
        return pages.show(
                request, "accounts/organization-suspend", new Suspension(organizations.get(caller, id), keys.of(id)));
    }

    /**
     * @param confirmation how it is known that every node knows
     * @param asked when the change was asked for, in microseconds since 1970
     */
    public record Changed(Organization organization, Record confirmation, long asked) {}

    @PostMapping("/{id}/suspend")
    ResponseEntity<byte[]> suspend(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return changed(caller, request, states.suspend(caller, id));
    }

    @PostMapping("/{id}/resume")
    ResponseEntity<byte[]> resume(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return changed(caller, request, states.resume(caller, id));
    }

    private ResponseEntity<byte[]> changed(
            Caller caller, HttpServletRequest request, OrganizationStates.Confirmed done) {
        return pages.show(
                request,
                "accounts/organization-changed",
                new Changed(done.organization(), done.confirmation(), caller.at()));
    }
}
