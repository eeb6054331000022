package dev.keyrack.server.conversations;

import dev.keyrack.server.conversations.VisitorCallApi.ConversationBody;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.store.StoreFailure;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Conversations of visitors over HTTP. */
@RestController
@RequestMapping(path = "/assistant/v1/conversations")
public final class ConversationsApi {
    private static final Logger LOG = LoggerFactory.getLogger(ConversationsApi.class);
    static final int MAX_TEXT = 8_000;

    private final VisitorCallApi calls;
    private final Conversations conversations;
    private final Talk talk;
    private final ReplyStream stream;

    ConversationsApi(VisitorCallApi calls, Conversations conversations, Talk talk, ReplyStream stream) {
        this.calls = calls;
        this.conversations = conversations;
        this.talk = talk;
        this.stream = stream;
    }

    record ConversationAnswer(ConversationBody conversation) {}

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    ConversationAnswer start(HttpServletRequest request) {
        Visit visit = calls.visit(request);
        JsonInput in = Requests.body(request);
        Secret once = Requests.idempotencyKey(request, in);
        in.finish();
        Conversation started = conversations.start(visit, VisitorCallApi.cause(request), once);
        return new ConversationAnswer(ConversationBody.of(started, conversations.left(started)));
    }

    record ShownAnswer(ConversationBody conversation, List<MessageBody> messages) {
        static ShownAnswer of(Conversations.Shown shown, @Nullable Long left) {
            return new ShownAnswer(
                    ConversationBody.of(shown.conversation(), left),
                    shown.messages().stream().map(MessageBody::of).toList());
        }
    }

    @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    ShownAnswer get(@PathVariable String id, HttpServletRequest request) {
        Conversations.Shown shown = conversations.get(calls.visit(request), id);
        return ShownAnswer.of(shown, conversations.left(shown.conversation()));
    }

    @PostMapping(path = "/{id}/messages", consumes = MediaType.APPLICATION_JSON_VALUE)
    void send(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) {
        Visit visit = calls.visit(request);
        JsonInput in = Requests.body(request);
        String text = in.prose("text", MAX_TEXT);
        String locale = locale(in);
        Secret once = Requests.idempotencyKey(request, in);
        in.finish();
        send(
                response,
                stream,
                talk.send(visit, VisitorCallApi.cause(request), id, text, locale, once)
                        .plan(),
                visit);
    }

    /** BCP 47, as far as it is well-formed. */
    static @Nullable String locale(JsonInput in) {
        return !in.has("locale") || in.isNull("locale")
                ? null
                : in.text(
                        "locale",
                        tag -> tag.length() <= 35 && tag.matches("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"),
                        Sentence.of("problem.language-tag"));
    }

    @GetMapping(path = "/{id}/stream")
    void resume(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) {
        Visit visit = calls.visit(request);
        Optional<ReplyStream.Plan> rest = talk.resume(visit, id, request.getHeader("Last-Event-ID"));
        if (rest.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        send(response, stream, rest.get(), visit);
    }

    /** Writes on the request's own thread, until all is told or nobody reads. */
    static void send(HttpServletResponse response, ReplyStream stream, ReplyStream.Plan plan, Visit visit) {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        // nginx would collect it first.
        response.setHeader("X-Accel-Buffering", "no");
        try {
            stream.send(plan, visit, response.getOutputStream());
        } catch (IOException e) {
            LOG.debug("a visitor has gone in the middle of a reply: {}", e.getMessage());
        } catch (StoreFailure e) {
            // The visitor's browser sees the stream break, and comes again.
            LOG.warn("a reply could not be told to its end: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @PostMapping("/{id}/cancel")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cancel(@PathVariable String id, HttpServletRequest request) {
        talk.cancel(calls.visit(request), id);
    }

    @PostMapping("/{id}/end")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void end(@PathVariable String id, HttpServletRequest request) {
        talk.end(calls.visit(request), VisitorCallApi.cause(request), id);
    }

    @PostMapping(path = "/{id}/messages/{message}/rating", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void rate(@PathVariable String id, @PathVariable String message, HttpServletRequest request) {
        Visit visit = calls.visit(request);
        JsonInput in = Requests.body(request);
        String rating = in.isNull("rating")
                ? null
                : in.text("rating", text -> text.equals("up") || text.equals("down"), Sentence.of("problem.rating"));
        in.finish();
        conversations.rate(visit, VisitorCallApi.cause(request), id, message, rating);
    }
}
