package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** My account &gt; API token: the reader's personal token, one at a time, shown once. */
@RestController
@RequestMapping("/account/api-token")
public final class TokenPage {
    static final String HOME = "/account/api-token";

    private final Pages pages;
    private final Accounts accounts;
    private final Idempotency idempotency;

    public TokenPage(Pages pages, Accounts accounts, Idempotency idempotency) {
        this.pages = pages;
        this.accounts = accounts;
        this.idempotency = idempotency;
    }

    /**
     * @param id the public id of the token that there is; nothing before one was generated
     * @param token the one that was just made, shown this once
     * @param gone whether it was shown already, and this is a reload
     * @param form what makes a repeated click the same click
     */
    public record Model(
            @Nullable String id,
            @Nullable Long createdAt,
            @Nullable String token,
            boolean gone,
            Form form) {}

    @GetMapping
    ResponseEntity<byte[]> show(Caller caller, HttpServletRequest request) {
        return show(caller, request, "accounts/api-token", null, false);
    }

    private ResponseEntity<byte[]> show(
            Caller caller, HttpServletRequest request, String template, @Nullable String token, boolean gone) {
        Optional<AccountSql.Credential> known = accounts.credential(Objects.requireNonNull(caller.member()));
        return pages.show(
                request,
                template,
                new Model(
                        known.map(AccountSql.Credential::id).orElse(null),
                        known.map(AccountSql.Credential::createdAt).orElse(null),
                        token,
                        gone,
                        Form.of(Map.of())));
    }

    /** What will break, before it does. */
    @GetMapping("/regenerate")
    ResponseEntity<byte[]> regenerate(Caller caller, HttpServletRequest request) {
        PortalSessions.requireRecent(request, HOME + "/regenerate");
        return show(caller, request, "accounts/api-token-regenerate", null, false);
    }

    @GetMapping("/delete")
    ResponseEntity<byte[]> delete(Caller caller, HttpServletRequest request) {
        return show(caller, request, "accounts/api-token-delete", null, false);
    }

    /** Makes the first token, or another one in place of the former. */
    @PostMapping("/generate")
    ResponseEntity<byte[]> generate(Caller caller, HttpServletRequest request) {
        PortalSessions.requireRecent(request, HOME);
        Creation<Secret> creation = idempotency.formCreation(
                request,
                Secret.of(Form.of(request).once()),
                new FormBody(request).input(),
                caller.credential(),
                token -> Answer.succeeding(Map.of("token", token.reveal())));
        try {
            JsonNode made = Objects.requireNonNull(creation.answer(() -> accounts.replaceToken(caller, creation))
                    .getBody());
            return show(caller, request, "accounts/api-token", made.get("token").stringValue(), false);
        } catch (ProblemException e) {
            if (e.problem() instanceof Problem.AnswerGone) {
                return show(caller, request, "accounts/api-token", null, true);
            }
            throw e;
        }
    }

    @PostMapping("/delete")
    ResponseEntity<byte[]> deleted(Caller caller, HttpServletRequest request) {
        accounts.deleteToken(caller);
        return Pages.go(HOME + "?done=token-deleted");
    }
}
