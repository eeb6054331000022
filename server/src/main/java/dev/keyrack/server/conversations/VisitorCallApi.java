package dev.keyrack.server.conversations;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What every call of a visitor's browser says beside its body: where it comes from, and with which session. */
public final class VisitorCallApi {
    private static final String BEARER = "bearer ";

    private final VisitorSessions sessions;
    private final VisitorVerdicts verdicts;
    private final Supplier<String> base;

    /** @param base the address by which people reach Keyrack */
    VisitorCallApi(VisitorSessions sessions, VisitorVerdicts verdicts, Supplier<String> base) {
        this.sessions = sessions;
        this.verdicts = verdicts;
        this.base = base;
    }

    /** @throws ProblemException with the verdict's code, if the key is not good where the call is from */
    public void requireGood(HttpServletRequest request, KeyId key) {
        verdicts.require(key, place(request), Excused.NONE);
    }

    /** As {@link #requireGood}, for the project's own page. */
    public void requireGoodOnOwnPage(HttpServletRequest request, KeyId key) {
        verdicts.require(key, place(request), Excused.HOSTED);
    }

    Place place(HttpServletRequest request) {
        String own = origin(base.get());
        String origin = Requests.origin(request, own);
        boolean same = "same-origin".equals(request.getHeader("Sec-Fetch-Site"));
        return new Place(origin, same || own.equals(origin), request.getRemoteAddr());
    }

    private static String origin(String address) {
        URI uri = URI.create(address);
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    Visit visit(HttpServletRequest request) {
        return sessions.visit(bearer(request), place(request));
    }

    static Secret bearer(HttpServletRequest request) {
        List<String> sent = Collections.list(request.getHeaders("Authorization"));
        String header = sent.size() == 1 ? sent.getFirst() : "";
        if (!header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            throw new ProblemException(new Problem.Visiting(VisitorCode.SESSION_ENDED));
        }
        return Secret.of(header.substring(BEARER.length()).strip());
    }

    /** Not kept: nothing that visitors do is an audit event. */
    static Cause cause(HttpServletRequest request) {
        return new Cause(Actor.SYSTEM, null, Requests.id(request));
    }

    record ConversationBody(
            String id,
            String startedAt,
            String state,
            @Nullable Long left) {
        static ConversationBody of(Conversation conversation, @Nullable Long left) {
            return new ConversationBody(
                    conversation.id(),
                    dev.keyrack.server.http.Times.text(conversation.startedAt()),
                    conversation.open() ? "open" : "ended",
                    left);
        }
    }
}
