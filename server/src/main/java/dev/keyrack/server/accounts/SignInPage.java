package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Requests;
import dev.keyrack.server.portal.Cookies;
import dev.keyrack.server.portal.LocalAddress;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Signing in and out, and typing the password again before a dangerous act. */
@RestController
@ControllerAdvice
public final class SignInPage {
    static final String HOME = "/settings/api-keys";

    private final Pages pages;
    private final Cookies cookies;
    private final Sessions sessions;
    private final SignIn signIn;
    private final Welcome welcome;

    public SignInPage(Pages pages, Cookies cookies, Sessions sessions, SignIn signIn, Welcome welcome) {
        this.welcome = welcome;
        this.pages = pages;
        this.cookies = cookies;
        this.sessions = sessions;
        this.signIn = signIn;
    }

    /**
     * @param next where to go afterwards
     * @param problem the name of a text that says what went wrong; empty for nothing
     * @param argument what that text mentions
     */
    public record Form(String email, String organization, String next, String problem, Object argument) {}

    @GetMapping("/")
    ResponseEntity<byte[]> home(HttpServletRequest request) {
        return welcome.open() ? notSetUp(request) : Pages.go(HOME);
    }

    private ResponseEntity<byte[]> notSetUp(HttpServletRequest request) {
        return pages.show(request, "accounts/not-set-up", "");
    }

    @GetMapping("/sign-in")
    ResponseEntity<byte[]> form(HttpServletRequest request) {
        return welcome.open() ? notSetUp(request) : show(request, HttpStatus.OK, "", "", "");
    }

    private ResponseEntity<byte[]> show(
            HttpServletRequest request, HttpStatus status, String email, String problem, Object argument) {
        return pages.show(
                request,
                status,
                "accounts/sign-in",
                new Form(
                        email,
                        text(request, "organization"),
                        LocalAddress.of(request.getParameter("next"), HOME),
                        problem,
                        argument));
    }

    @PostMapping("/sign-in")
    ResponseEntity<byte[]> signIn(HttpServletRequest request) {
        String email = text(request, "email").strip();
        Secret password = Secret.of(text(request, "password"));
        var outcome = signIn.signIn(
                email,
                password,
                text(request, "organization"),
                cookies.read(request, Cookies.Kind.DEVICE),
                request.getRemoteAddr(),
                Requests.id(request),
                Objects.requireNonNullElse(request.getHeader("User-Agent"), ""));
        return switch (outcome) {
            case SignIn.Outcome.In in ->
                ResponseEntity.status(HttpStatus.SEE_OTHER)
                        .header(HttpHeaders.LOCATION, LocalAddress.of(request.getParameter("next"), HOME))
                        .header(
                                HttpHeaders.SET_COOKIE,
                                cookies.set(Cookies.Kind.SESSION, in.begun().code()),
                                cookies.set(Cookies.Kind.DEVICE, in.device()))
                        .build();
            case SignIn.Outcome.NotGood notGood ->
                show(request, HttpStatus.UNAUTHORIZED, email, "sign-in.not-good", "");
            case SignIn.Outcome.Suspended suspended ->
                show(
                        request,
                        HttpStatus.FORBIDDEN,
                        email,
                        suspended.organization().deletion() == null ? "sign-in.suspended" : "sign-in.deleted",
                        suspended.organization().name());
            case SignIn.Outcome.Wait wait ->
                show(
                        request,
                        HttpStatus.TOO_MANY_REQUESTS,
                        email,
                        "sign-in.wait",
                        wait.time().plusMillis(999).toSeconds());
        };
    }

    @PostMapping("/sign-out")
    ResponseEntity<byte[]> signOut(Caller caller, HttpServletRequest request) {
        Sessions.Signed signed = PortalSessions.signed(request);
        sessions.end(signed, signed.session().id());
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .header(HttpHeaders.LOCATION, "/sign-in?done=signed-out")
                .header(HttpHeaders.SET_COOKIE, cookies.clear(Cookies.Kind.SESSION))
                // Nothing of what was read stays in the browser (W3C Clear Site Data).
                .header("Clear-Site-Data", "\"cache\", \"storage\"")
                .build();
    }

    /** @param wrong whether what was typed is not the password */
    public record Confirm(String email, String next, boolean wrong, long pause) {}

    @ExceptionHandler
    ResponseEntity<byte[]> passwordNeeded(PasswordNeeded needed, HttpServletRequest request) {
        String from = Pages.from(request);
        String next = from.equals("/") ? needed.next() : from;
        return Pages.go(
                "/account/confirm?next=" + java.net.URLEncoder.encode(next, java.nio.charset.StandardCharsets.UTF_8));
    }

    @GetMapping("/account/confirm")
    ResponseEntity<byte[]> confirmation(Caller caller, HttpServletRequest request) {
        return confirmation(request, HttpStatus.OK, false, 0);
    }

    private ResponseEntity<byte[]> confirmation(
            HttpServletRequest request, HttpStatus status, boolean wrong, long wait) {
        return pages.show(
                request,
                status,
                "accounts/confirm",
                new Confirm(
                        PortalSessions.signed(request).session().member().email(),
                        LocalAddress.of(request.getParameter("next"), HOME),
                        wrong,
                        wait));
    }

    @PostMapping("/account/confirm")
    ResponseEntity<byte[]> confirm(Caller caller, HttpServletRequest request) {
        Sessions.Signed signed = PortalSessions.signed(request);
        var outcome = signIn.confirm(
                signed,
                Secret.of(text(request, "password")),
                cookies.read(request, Cookies.Kind.DEVICE),
                request.getRemoteAddr(),
                Requests.id(request));
        if (outcome.good()) {
            return Pages.go(LocalAddress.of(request.getParameter("next"), HOME));
        }
        return outcome.pause().isPositive()
                ? confirmation(
                        request,
                        HttpStatus.TOO_MANY_REQUESTS,
                        false,
                        outcome.pause().plusMillis(999).toSeconds())
                : confirmation(request, HttpStatus.FORBIDDEN, true, 0);
    }

    private static String text(HttpServletRequest request, String name) {
        @Nullable String value = request.getParameter(name);
        return value == null ? "" : value;
    }
}
