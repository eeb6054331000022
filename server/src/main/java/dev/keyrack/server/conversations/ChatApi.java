package dev.keyrack.server.conversations;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.conversations.VisitorCallApi.ConversationBody;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** The chat API over HTTP, for members' programs. */
@RestController
@RequestMapping(path = "/api/v1/projects/{id}/chat", produces = MediaType.APPLICATION_JSON_VALUE)
public final class ChatApi {
    private final Chats chats;
    private final Conversations conversations;
    private final Talk talk;
    private final ReplyStream stream;
    private final Idempotency idempotency;

    ChatApi(Chats chats, Conversations conversations, Talk talk, ReplyStream stream, Idempotency idempotency) {
        this.chats = chats;
        this.conversations = conversations;
        this.talk = talk;
        this.stream = stream;
        this.idempotency = idempotency;
    }

    record AvailableAnswer(boolean available) {}

    record ChatBody(String id, String startedAt, String state) {
        static ChatBody of(Conversation conversation) {
            ConversationBody body = ConversationBody.of(conversation, null);
            return new ChatBody(body.id(), body.startedAt(), body.state());
        }
    }

    record ChatAnswer(ChatBody conversation) {}

    record SentAnswer(MessageBody message, MessageBody reply) {}

    /** Every project has an assistant that answers something. */
    @GetMapping
    AvailableAnswer available(Caller caller, @PathVariable String id) {
        chats.requireProject(caller, id);
        return new AvailableAnswer(talk.open());
    }

    @PostMapping("/conversations")
    ResponseEntity<JsonNode> start(Caller caller, @PathVariable String id, HttpServletRequest request) {
        JsonInput in = Requests.optionalBody(request);
        Creation<Conversation> creation = idempotency.creation(
                request,
                in,
                caller.credential(),
                conversation -> Answer.created(
                        "/api/v1/projects/" + id + "/chat/conversations/" + conversation.id() + "/messages",
                        1,
                        new ChatAnswer(ChatBody.of(conversation))));
        return creation.answer(() -> chats.start(caller, id, creation));
    }

    /** As a stream where that is asked for; else whole, when it is made. */
    @PostMapping(
            path = "/conversations/{conversation}/messages",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    void send(
            Caller caller,
            @PathVariable String id,
            @PathVariable String conversation,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        JsonInput in = Requests.body(request);
        String text = in.prose("text", ConversationsApi.MAX_TEXT);
        String locale = ConversationsApi.locale(in);
        Secret once = Requests.optionalIdempotencyKey(request, in);
        in.finish();
        Visit visit = chats.of(caller, id, conversation);
        Talk.Sent sent = talk.send(visit, VisitorCallApi.cause(request), conversation, text, locale, once);
        if (MediaType.parseMediaTypes(request.getHeader("Accept")).stream()
                .anyMatch(MediaType.TEXT_EVENT_STREAM::equalsTypeAndSubtype)) {
            ConversationsApi.send(response, stream, sent.plan(), visit);
            return;
        }
        Message reply = talk.whole(visit, conversation, sent);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream()
                .write(MessageBody.JSON.writeValueAsBytes(
                        new SentAnswer(MessageBody.of(sent.sent().message()), MessageBody.of(reply))));
    }

    @GetMapping("/conversations/{conversation}/messages")
    Page<MessageBody> messages(
            Caller caller, @PathVariable String id, @PathVariable String conversation, HttpServletRequest request) {
        Map<String, String[]> query = request.getParameterMap();
        String[] after = query.get("after");
        List<Problem.FieldError> errors = query.keySet().stream()
                .filter(name -> !name.equals("after"))
                .map(name -> new Problem.FieldError("?" + name, Sentence.of("problem.not-of-this-address")))
                .toList();
        if (!errors.isEmpty() || (after != null && after.length != 1)) {
            throw new ProblemException(new Problem.InvalidRequest(Sentence.of("problem.only-after"), errors));
        }
        Visit visit = chats.of(caller, id, conversation);
        return new Page<>(
                conversations.after(visit, conversation, after == null ? null : after[0]).stream()
                        .map(MessageBody::of)
                        .toList(),
                null);
    }

    @PostMapping("/conversations/{conversation}/close")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void close(Caller caller, @PathVariable String id, @PathVariable String conversation, HttpServletRequest request) {
        talk.end(chats.of(caller, id, conversation), VisitorCallApi.cause(request), conversation);
    }
}
