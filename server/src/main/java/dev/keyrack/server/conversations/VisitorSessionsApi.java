package dev.keyrack.server.conversations;

import dev.keyrack.server.conversations.VisitorCallApi.ConversationBody;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.http.Times;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Sessions of visitors over HTTP. */
@RestController
@RequestMapping(path = "/assistant/v1/sessions")
public final class VisitorSessionsApi {
    private final VisitorCallApi calls;
    private final VisitorSessions sessions;
    private final Conversations conversations;
    private final Replies replies;

    VisitorSessionsApi(VisitorCallApi calls, VisitorSessions sessions, Conversations conversations, Replies replies) {
        this.calls = calls;
        this.sessions = sessions;
        this.conversations = conversations;
        this.replies = replies;
    }

    record VisitorBody(String id, boolean known) {}

    record SessionAnswer(
            String access,
            String accessExpiresAt,
            String refresh,
            String leave,
            VisitorBody visitor,
            @Nullable ConversationBody conversation) {}

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    SessionAnswer open(HttpServletRequest request) {
        JsonInput in = Requests.body(request);
        Secret page = optional(in, "page");
        if (page != null && in.has("key")) {
            in.error("/page", Sentence.of("problem.session-or-key"));
        }
        VisitorSessions.Wanted wanted = new VisitorSessions.Wanted(
                page == null ? in.secret("key") : optional(in, "key"),
                optional(in, "visitor"),
                optional(in, "identity"),
                page);
        in.finish();
        VisitorSessions.Opened opened = sessions.open(VisitorCallApi.cause(request), wanted, calls.place(request));
        Conversation conversation = opened.conversation();
        return new SessionAnswer(
                opened.access().reveal(),
                Times.text(opened.accessEndsAt()),
                opened.refresh().reveal(),
                opened.leave().reveal(),
                new VisitorBody(opened.visitor().id(), opened.visitor().customer() != null),
                conversation == null ? null : ConversationBody.of(conversation, conversations.left(conversation)));
    }

    private static @Nullable Secret optional(JsonInput in, String field) {
        return !in.has(field) || in.isNull(field) ? null : in.secret(field);
    }

    @DeleteMapping("/current")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void logout(HttpServletRequest request) {
        replies.cancelAllOf(
                sessions.logout(VisitorCallApi.cause(request), VisitorCallApi.bearer(request), calls.place(request)));
    }
}
