package dev.keyrack.server.accounts;

import dev.keyrack.server.http.ActorBody;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.mail.Mail;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.texts.Texts;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Invitations over HTTP. */
@RestController
@RequestMapping(path = "/api/v1/invitations", produces = MediaType.APPLICATION_JSON_VALUE)
public final class InvitationsApi {
    static final ListQuery.Rules LIST = new ListQuery.Rules(List.of("-createdAt"), 2);

    private final Invitations invitations;
    private final Idempotency idempotency;
    private final Mail mail;
    private final Supplier<String> base;

    /** @param base the address by which people reach the control plane, without a slash at its end */
    public InvitationsApi(Invitations invitations, Idempotency idempotency, Mail mail, Supplier<String> base) {
        this.invitations = invitations;
        this.idempotency = idempotency;
        this.mail = mail;
        this.base = base;
    }

    record InvitationBody(
            String id,
            String organizationId,
            String email,
            String role,
            ActorBody invitedBy,
            String createdAt,
            String endsAt) {
        static InvitationBody of(Invitation i) {
            return new InvitationBody(
                    i.id(),
                    i.organizationId(),
                    i.email(),
                    i.role().text(),
                    ActorBody.of(i.invitedBy()),
                    Times.text(i.createdAt()),
                    Times.text(i.endsAt()));
        }
    }

    record InvitationAnswer(InvitationBody invitation) {}

    record InvitedAnswer(InvitationBody invitation, String link) {}

    /** Tells a repeated call from another one, when all has been read; {@code form} makes the answer. */
    interface Begin {
        Creation<Invitations.Invited> creation(Function<Invitations.Invited, Answer> form);
    }

    @GetMapping
    Page<InvitationBody> list(Caller caller, HttpServletRequest request) {
        return invitations.list(caller, LIST.read(request)).map(InvitationBody::of);
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<JsonNode> create(Caller caller, HttpServletRequest request) {
        caller.require(Right.MANAGE);
        JsonInput in = Requests.body(request);
        return create(
                caller, in, Pages.texts(request), form -> idempotency.creation(request, in, caller.credential(), form));
    }

    /**
     * Reads what is wanted, makes it and mails it: the same for the form of the page.
     *
     * @param texts in the language of whoever invites
     */
    ResponseEntity<JsonNode> create(Caller caller, JsonInput in, Texts texts, Begin begin) {
        String email = RecoveryApi.email(in);
        Role role = MembersApi.role(in).orElse(Role.ANALYTICS);
        AtomicReference<Invitations.Invited> made = new AtomicReference<>();
        Creation<Invitations.Invited> creation = begin.creation(invited -> {
            made.set(invited);
            return created(invited);
        });
        return creation.answer(() -> {
            Answer answer = invitations.create(caller, email, role, creation);
            Invitations.Invited invited = made.get();
            return answer.with("mailed", invited != null && mailed(texts, caller, invited));
        });
    }

    private Answer created(Invitations.Invited invited) {
        Invitation invitation = invited.invitation();
        return Answer.created(
                        "/api/v1/invitations/" + invitation.id(),
                        1,
                        new InvitedAnswer(
                                InvitationBody.of(invitation), invited.code().link(base.get(), "invitation")))
                .withTokenOf(invitation.id());
    }

    private boolean mailed(Texts texts, Caller caller, Invitations.Invited invited) {
        Mails.Text text = Mails.invitation(
                texts, caller, invited.invitation(), invited.code().link(base.get(), "invitation"));
        return mail.send(invited.invitation().email(), text.subject(), text.body());
    }

    @DeleteMapping("/{id:(?!accept$).+}")
    InvitationAnswer delete(Caller caller, @PathVariable String id) {
        return new InvitationAnswer(InvitationBody.of(invitations.delete(caller, id)));
    }

    /** For whoever holds the code. */
    @PostMapping(path = "/accept", consumes = MediaType.APPLICATION_JSON_VALUE)
    MembersApi.MemberAnswer accept(HttpServletRequest request) {
        JsonInput in = Requests.body(request);
        Secret code = RecoveryApi.code(in);
        String name = in.name("name", 100);
        Secret password = in.secret("password");
        in.finish();
        return new MembersApi.MemberAnswer(AccountsApi.MemberBody.of(
                invitations.accept(code, name, password, request.getRemoteAddr(), Requests.id(request))));
    }
}
