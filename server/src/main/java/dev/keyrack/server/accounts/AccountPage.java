package dev.keyrack.server.accounts;

import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Cookies;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** My account: name, password, and the organizations to go on in. */
@RestController
@RequestMapping("/account")
public final class AccountPage {
    private final Pages pages;
    private final Cookies cookies;
    private final Members members;
    private final ChosenPasswords passwords;
    private final Sessions sessions;

    public AccountPage(Pages pages, Cookies cookies, Members members, ChosenPasswords passwords, Sessions sessions) {
        this.cookies = cookies;
        this.pages = pages;
        this.members = members;
        this.passwords = passwords;
        this.sessions = sessions;
    }

    /** @param current whether the reader is in it now */
    public record Membership(String memberId, String organization, String role, boolean current) {}

    public record Model(String email, String role, Form profile, Form password, List<Membership> memberships) {}

    @GetMapping
    ResponseEntity<byte[]> show(Caller caller, HttpServletRequest request) {
        return show(request, HttpStatus.OK, profile(request), Form.of(Map.of()));
    }

    private static Form profile(HttpServletRequest request) {
        return Form.of(
                Map.of("name", PortalSessions.signed(request).session().member().name()));
    }

    private ResponseEntity<byte[]> show(HttpServletRequest request, HttpStatus status, Form profile, Form password) {
        Session session = PortalSessions.signed(request).session();
        return pages.show(
                request,
                status,
                "accounts/account",
                new Model(
                        session.member().email(),
                        session.member().role().text(),
                        profile,
                        password,
                        sessions.memberships(session).stream()
                                .map(m -> new Membership(
                                        m.member().id(),
                                        m.organization().name(),
                                        m.member().role().text(),
                                        m.member().id().equals(session.member().id())))
                                .toList()));
    }

    @PostMapping("/profile")
    ResponseEntity<byte[]> rename(Caller caller, HttpServletRequest request) {
        try {
            FormBody form = new FormBody(request);
            JsonInput in = form.textOrNull("name").input();
            String name = in.isNull("name") ? "" : in.name("name", 100);
            in.finish();
            Member member = PortalSessions.signed(request).session().member();
            members.change(caller, member.id(), null, name, version -> {});
            return Pages.go("/account?done=profile-saved");
        } catch (ProblemException e) {
            return show(request, HttpStatus.BAD_REQUEST, Form.of(request).with(e.problem()), Form.of(Map.of()));
        }
    }

    @PostMapping("/password")
    ResponseEntity<byte[]> password(Caller caller, HttpServletRequest request) {
        Form form = Form.of(request);
        try {
            passwords.change(
                    caller,
                    Secret.of(form.value("current")),
                    Secret.of(form.value("password")),
                    PortalSessions.signed(request).session().id(),
                    cookies.read(request, Cookies.Kind.DEVICE));
            return Pages.go("/account?done=password-changed");
        } catch (ProblemException e) {
            return show(request, Pages.status(e.problem()), profile(request), form.with(e.problem()));
        }
    }

    /** Goes on in another organization whose password was typed at sign-in. */
    @PostMapping("/switch")
    ResponseEntity<byte[]> switchTo(Caller caller, HttpServletRequest request) {
        sessions.switchTo(PortalSessions.signed(request), Form.of(request).value("member"));
        return Pages.go("/");
    }
}
