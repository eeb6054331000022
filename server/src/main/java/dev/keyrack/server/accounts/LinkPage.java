package dev.keyrack.server.accounts;

import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The pages behind one-time links: choosing a password anew, and accepting an invitation. The code stands behind the
 * {@code #} of the link; a script moves it into the form, and without one it is typed.
 */
@RestController
public final class LinkPage {
    private final Pages pages;
    private final Entrance entrance;
    private final Recovery recovery;
    private final Invitations invitations;

    public LinkPage(Pages pages, Entrance entrance, Recovery recovery, Invitations invitations) {
        this.pages = pages;
        this.entrance = entrance;
        this.recovery = recovery;
        this.invitations = invitations;
    }

    /**
     * @param email of whoever the link is for; empty where that is not known yet
     * @param organization its name; empty where that is not known yet
     * @param role in it
     */
    public record Model(Form form, String email, String organization, String role) {}

    @GetMapping("/recover")
    ResponseEntity<byte[]> recover(HttpServletRequest request) {
        return pages.show(request, "accounts/recover", new Model(Form.of(Map.of()), "", "", ""));
    }

    @PostMapping("/recover")
    ResponseEntity<byte[]> recovered(HttpServletRequest request) {
        try {
            Member member = recovery.choosePassword(
                    Entrance.code(request), Entrance.password(request), request.getRemoteAddr(), Requests.id(request));
            return entrance.enter(request, member, "password-chosen");
        } catch (ProblemException e) {
            return again(request, e.problem(), "accounts/recover", new Model(form(request, e.problem()), "", "", ""));
        }
    }

    /** First only the code is asked for; what it stands for is shown next. */
    @GetMapping("/invitation")
    ResponseEntity<byte[]> invitation(HttpServletRequest request) {
        return pages.show(request, "accounts/invitation-code", new Model(Form.of(Map.of()), "", "", ""));
    }

    @PostMapping("/invitation")
    ResponseEntity<byte[]> open(HttpServletRequest request) {
        return invitations
                .open(Entrance.code(request))
                .map(open -> pages.show(request, "accounts/invitation", model(Form.of(request), open)))
                .orElseGet(() -> notGood(request));
    }

    @PostMapping("/invitation/accept")
    ResponseEntity<byte[]> accept(HttpServletRequest request) {
        Secret code = Entrance.code(request);
        Invitations.Open open = invitations.open(code).orElse(null);
        if (open == null) {
            return notGood(request);
        }
        try {
            JsonInput in = new FormBody(request).text("name").input();
            String name = in.name("name", 100);
            in.finish();
            Member member = invitations.accept(
                    code, name, Entrance.password(request), request.getRemoteAddr(), Requests.id(request));
            return entrance.enter(request, member, "invitation-accepted");
        } catch (ProblemException e) {
            return again(request, e.problem(), "accounts/invitation", model(form(request, e.problem()), open));
        }
    }

    private static Model model(Form form, Invitations.Open open) {
        return new Model(
                form,
                open.invitation().email(),
                open.organization().name(),
                open.invitation().role().text());
    }

    private ResponseEntity<byte[]> notGood(HttpServletRequest request) {
        Form form = Form.of(Map.of()).with(new Problem.Conflict(Sentence.of("problem.invitation-link-not-good")));
        return pages.show(request, HttpStatus.UNAUTHORIZED, "accounts/invitation-code", new Model(form, "", "", ""));
    }

    private ResponseEntity<byte[]> again(HttpServletRequest request, Problem problem, String template, Model model) {
        return pages.show(request, Pages.status(problem), template, model);
    }

    private static Form form(HttpServletRequest request, Problem problem) {
        return Form.of(request).with(problem);
    }
}
