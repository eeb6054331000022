package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Requests;
import dev.keyrack.server.portal.Cookies;
import dev.keyrack.server.portal.Form;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** How whoever came by a one-time link is signed in, and what the pages behind links have in common. */
public final class Entrance {
    private final Sessions sessions;
    private final Cookies cookies;
    private final SignInFailures failures;

    public Entrance(Sessions sessions, Cookies cookies, SignInFailures failures) {
        this.sessions = sessions;
        this.cookies = cookies;
        this.failures = failures;
    }

    /**
     * Signs the member in, whoever was signed in in this browser before. From then on the browser is known, so that others'
     * guesses at the member's password do not keep them out of it.
     *
     * @param done the name of the text that tells what was done, without {@code done.}
     */
    ResponseEntity<byte[]> enter(HttpServletRequest request, Member member, String done) {
        Sessions.Begun begun = sessions.enter(
                member,
                request.getRemoteAddr(),
                Requests.id(request),
                Objects.requireNonNullElse(request.getHeader("User-Agent"), ""));
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .header(HttpHeaders.LOCATION, SignInPage.HOME + "?done=" + done)
                .header(
                        HttpHeaders.SET_COOKIE,
                        cookies.set(Cookies.Kind.SESSION, begun.code()),
                        cookies.set(
                                Cookies.Kind.DEVICE,
                                failures.deviceOf(member.email(), cookies.read(request, Cookies.Kind.DEVICE))))
                .build();
    }

    /** The code of the link, as a script or a person put it into the form. */
    static Secret code(HttpServletRequest request) {
        String code = Form.of(request).value("code").strip();
        // Whoever copies what stands behind the # may copy the # as well, or all of the link.
        return Secret.of(code.substring(code.indexOf('#') + 1));
    }

    /** A password as it was typed, spaces and all. */
    static Secret password(HttpServletRequest request) {
        return Secret.of(Form.of(request).value("password"));
    }
}
