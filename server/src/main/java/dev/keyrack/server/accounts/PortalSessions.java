package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.portal.Cookies;
import dev.keyrack.server.portal.Reader;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Tells who reads a page, by the cookie of their session. */
public final class PortalSessions {
    private static final String SIGNED = "keyrack.signed";

    private final Sessions sessions;
    private final Cookies cookies;

    public PortalSessions(Sessions sessions, Cookies cookies) {
        this.sessions = sessions;
        this.cookies = cookies;
    }

    /** @throws ProblemException if nobody is signed in */
    public Caller caller(HttpServletRequest request) {
        Sessions.Signed signed = cookies.read(request, Cookies.Kind.SESSION)
                .flatMap(code -> sessions.find(code, request.getRemoteAddr(), Requests.id(request)))
                .orElseThrow(() -> new ProblemException(new Problem.Unauthenticated("Sign in to see this page.")));
        if (signed.session().organization().suspended()) {
            throw new ProblemException(new Problem.Forbidden("The organization "
                    + signed.session().organization().name()
                    + " is suspended. Ask the operator of this installation."));
        }
        request.setAttribute(SIGNED, signed);
        request.setAttribute(Reader.ATTRIBUTE, reader(signed.caller(), signed.session()));
        return signed.caller();
    }

    private static Reader reader(Caller caller, Session session) {
        Member member = session.member();
        return new Reader(
                member.shown(),
                member.email(),
                session.organization().name(),
                session.organization().id(),
                session.organization().subdomain(),
                session.organization().logoAddress(),
                member.role().text(),
                caller.operator(),
                Arrays.stream(Right.values())
                        .filter(right -> caller.reach(right) != Reach.NONE)
                        .map(Right::name)
                        .collect(Collectors.toSet()));
    }

    /** The session of a request whose caller is known. */
    static Sessions.Signed signed(HttpServletRequest request) {
        if (request.getAttribute(SIGNED) instanceof Sessions.Signed signed) {
            return signed;
        }
        throw new ProblemException(new Problem.Unauthenticated("Sign in to see this page."));
    }

    /**
     * Asks for the password, if it was not typed lately.
     *
     * @param next where to go on afterwards
     * @throws PasswordNeeded if it was typed more than {@link Sessions#RECENT} ago
     */
    public static void requireRecent(HttpServletRequest request, String next) {
        Sessions.Signed signed = signed(request);
        long ago = signed.caller().at() - signed.session().confirmedAt();
        if (ago > Sessions.RECENT.toNanos() / 1_000) {
            throw new PasswordNeeded(next);
        }
    }
}
