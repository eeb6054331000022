package dev.keyrack.server.accounts;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** For people who are nobody yet: the first Owner, and whoever forgot their password. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
public final class WelcomeApi {
    private final Welcome welcome;
    private final ForgottenPasswords forgotten;

    public WelcomeApi(Welcome welcome, ForgottenPasswords forgotten) {
        this.welcome = welcome;
        this.forgotten = forgotten;
    }

    record WelcomeAnswer(OrganizationsApi.OrganizationBody organization, AccountsApi.MemberBody owner) {}

    record ForgottenAnswer(String detail) {}

    /** For whoever holds the code that the program printed. */
    @PostMapping(path = "/welcome", consumes = MediaType.APPLICATION_JSON_VALUE)
    WelcomeAnswer arrive(HttpServletRequest request) {
        JsonInput in = Requests.body(request);
        Secret code = RecoveryApi.code(in);
        Welcome.First first = Welcome.First.read(in);
        Secret password = in.secret("password");
        in.finish();
        Welcome.Arrived arrived = welcome.arrive(code, first, password, request.getRemoteAddr(), Requests.id(request));
        return new WelcomeAnswer(
                OrganizationsApi.OrganizationBody.of(arrived.organization()),
                AccountsApi.MemberBody.of(arrived.owner()));
    }

    /** For everybody, with the same answer. */
    @PostMapping(path = "/forgotten", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    ForgottenAnswer forgotten(HttpServletRequest request) {
        JsonInput in = Requests.body(request);
        String email = RecoveryApi.email(in);
        in.finish();
        forgotten.ask(email, Pages.texts(request), request.getRemoteAddr(), Requests.id(request));
        return new ForgottenAnswer(forgotten.answer());
    }
}
