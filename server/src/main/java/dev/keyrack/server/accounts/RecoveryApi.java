package dev.keyrack.server.accounts;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.http.Times;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** One-time links for Owners who lost their token: made on this machine, used by the page {@code /recover}. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
public final class RecoveryApi {
    private final Recovery recovery;
    private final Supplier<String> base;

    /** @param base the address by which people reach the control plane, without a slash at its end */
    public RecoveryApi(Recovery recovery, Supplier<String> base) {
        this.recovery = recovery;
        this.base = base;
    }

    record LinkAnswer(AccountsApi.MemberBody owner, String link, String endsAt) {}

    record RecoveredAnswer(AccountsApi.MemberBody owner, String token) {}

    /** For the operator on this machine only. A repeated call makes another link, which ends the former. */
    @PostMapping(path = "/recovery-links", consumes = MediaType.APPLICATION_JSON_VALUE)
    LinkAnswer offer(Caller caller, HttpServletRequest request) {
        if (caller.member() != null) {
            throw new ProblemException(new Problem.NotFound());
        }
        JsonInput in = Requests.body(request);
        String email = in.text("email", s -> AccountsApi.EMAIL.matcher(s).matches(), "an e-mail address");
        in.finish();
        boolean named = request.getHeader(Authentication.ORGANIZATION) != null;
        Recovery.Offered offered = recovery.offer(caller, email, named ? caller.organization() : null);
        // Behind the #, the code is never sent to a server, and so stands in no log and no Referer.
        String link = base.get() + "/recover#" + offered.code().reveal();
        return new LinkAnswer(AccountsApi.MemberBody.of(offered.owner()), link, Times.text(offered.endsAt()));
    }

    /** For whoever holds the code. */
    @PostMapping(path = "/recover", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<RecoveredAnswer> use(HttpServletRequest request) {
        JsonInput in = Requests.body(request);
        String code = in.text("code", s -> s.length() <= 100, "the code of a link, at most 100 characters");
        in.finish();
        Recovery.Recovered recovered = recovery.use(code, request.getRemoteAddr(), Requests.id(request));
        return ResponseEntity.ok(new RecoveredAnswer(
                AccountsApi.MemberBody.of(recovered.owner()), recovered.token().reveal()));
    }
}
