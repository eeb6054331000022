package dev.keyrack.server.accounts;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.http.Times;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Passwords, and the one-time links for those who lost theirs. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
public final class RecoveryApi {
    private final Recovery recovery;
    private final ChosenPasswords passwords;
    private final Supplier<String> base;

    /** @param base the address by which people reach the control plane, without a slash at its end */
    public RecoveryApi(Recovery recovery, ChosenPasswords passwords, Supplier<String> base) {
        this.recovery = recovery;
        this.passwords = passwords;
        this.base = base;
    }

    record OwnersLinkAnswer(AccountsApi.MemberBody owner, String link, String endsAt) {}

    record LinkAnswer(AccountsApi.MemberBody member, String link, String endsAt) {}

    record RecoveredAnswer(AccountsApi.MemberBody owner, String token) {}

    /** For the operator on this machine only. A repeated call makes another link, which ends the former. */
    @PostMapping(path = "/recovery-links", consumes = MediaType.APPLICATION_JSON_VALUE)
    OwnersLinkAnswer offer(Caller caller, HttpServletRequest request) {
        if (caller.member() != null) {
            throw new ProblemException(new Problem.NotFound());
        }
        JsonInput in = Requests.body(request);
        String email = email(in);
        in.finish();
        boolean named = request.getHeader(Authentication.ORGANIZATION) != null;
        Recovery.Offered offered = recovery.offer(caller, email, named ? caller.organization() : null);
        return new OwnersLinkAnswer(
                AccountsApi.MemberBody.of(offered.member()),
                offered.code().link(base.get(), "recover"),
                Times.text(offered.endsAt()));
    }

    static String email(JsonInput in) {
        return in.text("email", s -> AccountsApi.EMAIL.matcher(s).matches(), Sentence.of("problem.email"));
    }

    /** A repeated call makes another link, which ends the former. */
    @PostMapping("/members/{id}/recovery-link")
    LinkAnswer offer(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Requests.optionalBody(request).finish();
        Recovery.Offered offered = recovery.offerTo(caller, id);
        return new LinkAnswer(
                AccountsApi.MemberBody.of(offered.member()),
                offered.code().link(base.get(), "recover"),
                Times.text(offered.endsAt()));
    }

    /** For whoever holds the code. */
    @PostMapping(path = "/recover", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> use(HttpServletRequest request) {
        JsonInput in = Requests.body(request);
        Secret code = code(in);
        Secret password = in.has("password") ? in.secret("password") : null;
        in.finish();
        if (password != null) {
            Member member = recovery.choosePassword(code, password, request.getRemoteAddr(), Requests.id(request));
            return ResponseEntity.ok(new MembersApi.MemberAnswer(AccountsApi.MemberBody.of(member)));
        }
        Recovery.Recovered recovered = recovery.use(code, request.getRemoteAddr(), Requests.id(request));
        return ResponseEntity.ok(new RecoveredAnswer(
                AccountsApi.MemberBody.of(recovered.member()), recovered.token().reveal()));
    }

    /** The code of a link, as it stands behind the #. */
    static Secret code(JsonInput in) {
        return Secret.of(in.text(
                "code", s -> s.length() <= OneTimeCode.MOST, Sentence.of("problem.link-code", OneTimeCode.MOST)));
    }

    @PostMapping(path = "/me/password", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void change(Caller caller, HttpServletRequest request) {
        JsonInput in = Requests.body(request);
        Secret current = in.secret("current");
        Secret wanted = in.secret("password");
        in.finish();
        passwords.change(caller, current, wanted, null, Optional.empty());
    }
}
