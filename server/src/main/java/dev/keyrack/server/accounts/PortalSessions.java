package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.portal.Cookies;
import dev.keyrack.server.portal.Reader;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
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
                .orElseThrow(
                        () -> new ProblemException(new Problem.Unauthenticated(Sentence.of("problem.sign-in-first"))));
        if (signed.session().organization().suspended()) {
            // Signing in says why; a session that opens nothing would not even let its reader sign out.
            sessions.endSuspended(signed.session(), request.getRemoteAddr(), Requests.id(request));
            throw new ProblemException(new Problem.Unauthenticated(Sentence.of(
                    signed.session().organization().deletion() == null ? "problem.suspended" : "problem.deleted")));
        }
        request.setAttribute(SIGNED, signed);
        request.setAttribute(Reader.ATTRIBUTE, reader(signed.caller(), signed.session()));
        return signed.caller();
    }

    private Reader reader(Caller caller, Session session) {
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
                others(session),
                Arrays.stream(Right.values())
                        .filter(right -> caller.reach(right) != Reach.NONE)
                        .map(Right::name)
                        .collect(Collectors.toSet()));
    }

    private List<Reader.Membership> others(Session session) {
        return session.members().size() < 2
                ? List.of()
                : sessions.memberships(session).stream()
                        .filter(m -> !m.member().id().equals(session.member().id()))
                        .filter(m -> !m.organization().suspended())
                        .map(m -> new Reader.Membership(
                                m.member().id(), m.organization().name()))
                        .toList();
    }

    /** The session of a request whose caller is known. */
    static Sessions.Signed signed(HttpServletRequest request) {
        if (request.getAttribute(SIGNED) instanceof Sessions.Signed signed) {
            return signed;
        }
        throw new ProblemException(new Problem.Unauthenticated(Sentence.of("problem.sign-in-first")));
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
