package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.http.Times;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Setup, organizations, and the caller's own account. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
public final class AccountsApi {
    static final Pattern EMAIL = Pattern.compile("[^@\\s\\p{Cntrl}]{1,64}@[^@\\s\\p{Cntrl}]{1,189}");

    private final Accounts accounts;
    private final Idempotency idempotency;

    public AccountsApi(Accounts accounts, Idempotency idempotency) {
        this.accounts = accounts;
        this.idempotency = idempotency;
    }

    record MemberBody(String id, String organizationId, String email, String name, String role, String createdAt) {
        static MemberBody of(Member m) {
            return new MemberBody(
                    m.id(), m.organizationId(), m.email(), m.name(), m.role().text(), Times.text(m.createdAt()));
        }
    }

    record FoundedBody(OrganizationsApi.OrganizationBody organization, MemberBody owner, String token) {
        static FoundedBody of(Accounts.Founded founded) {
            return new FoundedBody(
                    OrganizationsApi.OrganizationBody.of(founded.organization()),
                    MemberBody.of(founded.owner()),
                    founded.token().reveal());
        }
    }

    record CredentialBody(String id, String createdAt) {}

    record MeAnswer(
            @Nullable MemberBody member,
            OrganizationsApi.@Nullable OrganizationBody organization,
            @Nullable CredentialBody credential) {}

    record TokenAnswer(String token) {}

    /** For the operator on this machine only, and only once. */
    @PostMapping(path = "/setup", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<JsonNode> setUp(Caller caller, HttpServletRequest request) {
        if (caller.member() != null) {
            throw new ProblemException(new Problem.NotFound());
        }
        JsonInput in = Requests.body(request);
        NewOrganization wanted = NewOrganization.read(in);
        Creation<Accounts.Founded> creation = founding(caller, request, in);
        return creation.answer(
                () -> accounts.setUp(caller, wanted.name, wanted.subdomain, wanted.ownerEmail, creation));
    }

    @PostMapping(path = "/organizations", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<JsonNode> create(Caller caller, HttpServletRequest request) {
        caller.requireOperator();
        JsonInput in = Requests.body(request);
        NewOrganization wanted = NewOrganization.read(in);
        Creation<Accounts.Founded> creation = founding(caller, request, in);
        return creation.answer(
                () -> accounts.create(caller, wanted.name, wanted.subdomain, wanted.ownerEmail, creation));
    }

    private Creation<Accounts.Founded> founding(Caller caller, HttpServletRequest request, JsonInput in) {
        return idempotency.creation(
                request,
                in,
                caller.credential(),
                founded -> Answer.created(
                                "/api/v1/organizations/"
                                        + founded.organization().id(),
                                founded.organization().version(),
                                FoundedBody.of(founded))
                        .withTokenOf(founded.owner().id()));
    }

    record NewOrganization(String name, String subdomain, String ownerEmail) {
        static NewOrganization read(JsonInput in) {
            return new NewOrganization(
                    in.name("name", 100),
                    Subdomains.read(in),
                    in.text("ownerEmail", s -> EMAIL.matcher(s).matches(), Sentence.of("problem.email")));
        }
    }

    @GetMapping("/me")
    MeAnswer me(Caller caller) {
        Member member = caller.member();
        Organization organization = caller.organization();
        return new MeAnswer(
                member == null ? null : MemberBody.of(member),
                organization == null ? null : OrganizationsApi.OrganizationBody.of(organization),
                member == null
                        ? null
                        : accounts.credential(member)
                                .map(c -> new CredentialBody(c.id(), Times.text(c.createdAt())))
                                .orElse(null));
    }

    @PostMapping("/me/token")
    ResponseEntity<JsonNode> replaceToken(Caller caller, HttpServletRequest request) {
        Creation<Secret> creation = idempotency.creation(
                request,
                Requests.optionalBody(request),
                caller.credential(),
                token -> Answer.succeeding(new TokenAnswer(token.reveal())));
        return creation.answer(() -> accounts.replaceToken(caller, creation));
    }

    @DeleteMapping("/me/token")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void deleteToken(Caller caller) {
        accounts.deleteToken(caller);
    }
}
