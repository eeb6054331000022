package dev.keyrack.server.accounts;

import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** For people who are nobody yet: the first Owner behind the link of the start, and whoever forgot their password. */
@RestController
public final class WelcomePage {
    /** With a fragment of its own: else the browser would keep that of the link. */
    private static final String SET_UP_ALREADY = "/sign-in?done=set-up-already#main";

    private final Pages pages;
    private final Entrance entrance;
    private final Welcome welcome;
    private final ForgottenPasswords forgotten;

    public WelcomePage(Pages pages, Entrance entrance, Welcome welcome, ForgottenPasswords forgotten) {
        this.pages = pages;
        this.entrance = entrance;
        this.welcome = welcome;
        this.forgotten = forgotten;
    }

    public record Model(Form form) {}

    @GetMapping("/welcome")
    ResponseEntity<byte[]> form(HttpServletRequest request) {
        return welcome.open()
                ? pages.show(request, "accounts/welcome", new Model(Form.of(Map.of())))
                : Pages.go(SET_UP_ALREADY);
    }

    @PostMapping("/welcome")
    ResponseEntity<byte[]> arrive(HttpServletRequest request) {
        try {
            JsonInput in = new FormBody(request)
                    .text("organization")
                    .textIfTyped("subdomain")
                    .text("email")
                    .text("name")
                    .input();
            Welcome.First first = Welcome.First.read(in);
            in.finish();
            Welcome.Arrived arrived = welcome.arrive(
                    Entrance.code(request),
                    first,
                    Entrance.password(request),
                    request.getRemoteAddr(),
                    Requests.id(request));
            return entrance.enter(request, arrived.owner(), "welcome");
        } catch (ProblemException e) {
            return pages.show(
                    request,
                    Pages.status(e.problem()),
                    "accounts/welcome",
                    new Model(Form.of(request).with(e.problem())));
        }
    }

    /** @param sends whether there is a way to send mail */
    public record Forgotten(Form form, boolean sends) {}

    @GetMapping("/forgotten")
    ResponseEntity<byte[]> ask(HttpServletRequest request) {
        return forgotten(request, HttpStatus.OK, Form.of(Map.of()));
    }

    private ResponseEntity<byte[]> forgotten(HttpServletRequest request, HttpStatus status, Form form) {
        return pages.show(request, status, "accounts/forgotten", new Forgotten(form, forgotten.sends()));
    }

    @PostMapping("/forgotten")
    ResponseEntity<byte[]> asked(HttpServletRequest request) {
        try {
            JsonInput in = new FormBody(request).text("email").input();
            String email = RecoveryApi.email(in);
            in.finish();
            forgotten.ask(email, Pages.texts(request), request.getRemoteAddr(), Requests.id(request));
            return Pages.go(forgotten.sends() ? "/forgotten?done=link-mailed" : "/forgotten");
        } catch (ProblemException e) {
            return forgotten(
                    request, Pages.status(e.problem()), Form.of(request).with(e.problem()));
        }
    }
}
