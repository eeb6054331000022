package dev.keyrack.server.accounts;

import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
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

/** Members &gt; Invite: a link that makes somebody a member, shown once. */
@RestController
@RequestMapping(InvitationsPage.ADDRESS)
public final class InvitationsPage {
    static final String ADDRESS = "/members/invitations";

    private final Pages pages;
    private final InvitationsApi api;
    private final Invitations invitations;
    private final Idempotency idempotency;

    public InvitationsPage(Pages pages, InvitationsApi api, Invitations invitations, Idempotency idempotency) {
        this.pages = pages;
        this.api = api;
        this.invitations = invitations;
        this.idempotency = idempotency;
    }

    /** @param roles those that the reader may invite into */
    public record Model(Form form, List<String> roles) {
        public Model {
            roles = List.copyOf(roles);
        }
    }

    /**
     * An invitation that was made.
     *
     * @param link shown this once; nothing where it was replaced or used since
     * @param mailed whether it is on its way by mail as well
     */
    public record Made(String email, String role, @Nullable String link, boolean mailed) {}

    @GetMapping("/new")
    ResponseEntity<byte[]> blank(Caller caller, HttpServletRequest request) {
        caller.require(Right.MANAGE);
        PortalSessions.requireRecent(request, ADDRESS + "/new");
        return pages.show(request, "accounts/invite", new Model(Form.of(request), MembersPage.given(caller)));
    }

    /** Also another link for an address that was invited before: it takes the former's place. */
    @PostMapping("/new")
    ResponseEntity<byte[]> create(Caller caller, HttpServletRequest request) {
        caller.require(Right.MANAGE);
        PortalSessions.requireRecent(request, ADDRESS + "/new");
        Form form = Form.of(request);
        try {
            JsonInput in = new FormBody(request).text("email").text("role").input();
            JsonNode made = Objects.requireNonNull(api.create(
                            caller,
                            in,
                            Pages.texts(request),
                            answer -> idempotency.formCreation(
                                    request, Secret.of(form.once()), in, caller.credential(), answer))
                    .getBody());
            return pages.show(
                    request,
                    HttpStatus.CREATED,
                    "accounts/invited",
                    new Made(
                            made.at("/invitation/email").stringValue(),
                            made.at("/invitation/role").stringValue(),
                            made.get("link").stringValue(),
                            made.get("mailed").booleanValue()));
        } catch (ProblemException e) {
            if (e.problem() instanceof Problem.AnswerGone) {
                return pages.again(
                        request,
                        e.problem(),
                        "accounts/invited",
                        new Made(form.value("email"), form.value("role"), null, false));
            }
            return pages.again(
                    request, e.problem(), "accounts/invite", new Model(form.with(e), MembersPage.given(caller)));
        }
    }

    @PostMapping("/{id}/delete")
    ResponseEntity<byte[]> delete(Caller caller, @PathVariable String id, HttpServletRequest request) {
        caller.require(Right.MANAGE);
        PortalSessions.requireRecent(request, MembersPage.ADDRESS);
        invitations.delete(caller, id);
        return Pages.go(MembersPage.ADDRESS + "?done=invitation-deleted");
    }
}
