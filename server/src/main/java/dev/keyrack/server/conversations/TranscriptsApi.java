package dev.keyrack.server.conversations;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Paged;
import dev.keyrack.server.http.Times;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Transcripts over HTTP. */
@RestController
@RequestMapping(path = "/api/v1/projects/{id}/conversations", produces = MediaType.APPLICATION_JSON_VALUE)
public final class TranscriptsApi {
    static final ListQuery.Rules LIST = new ListQuery.Rules(List.of("-startedAt"), 2).searchable("-startedAt");

    /** Of the messages of one. */
    static final ListQuery.Rules MESSAGES = new ListQuery.Rules(List.of("-number"), 1);

    private final Transcripts transcripts;

    TranscriptsApi(Transcripts transcripts) {
        this.transcripts = transcripts;
    }

    record VisitorBody(
            String id, @Nullable String customer, @Nullable String name) {}

    record TranscriptBody(
            String id, @Nullable String keyId, VisitorBody visitor, String startedAt, String state, long messages) {
        static TranscriptBody of(ConversationSql.Listed listed) {
            Conversation conversation = listed.conversation();
            return new TranscriptBody(
                    conversation.id(),
                    conversation.keyId(),
                    new VisitorBody(conversation.visitorId(), listed.customer(), listed.name()),
                    Times.text(conversation.startedAt()),
                    conversation.open() ? "open" : "ended",
                    conversation.messages());
        }
    }

    /** @param next the cursor of the messages before these; null where there are none */
    record TranscriptAnswer(
            TranscriptBody conversation,
            List<MessageBody> messages,
            @Nullable String next) implements Paged {}

    @GetMapping
    Page<TranscriptBody> list(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return transcripts.list(caller, id, LIST.read(request)).map(TranscriptBody::of);
    }

    @GetMapping("/{conversation}")
    TranscriptAnswer get(
            Caller caller, @PathVariable String id, @PathVariable String conversation, HttpServletRequest request) {
        Transcripts.Shown shown = transcripts.get(caller, id, conversation, MESSAGES.read(request));
        return new TranscriptAnswer(
                TranscriptBody.of(shown.listed()),
                shown.messages().stream().map(MessageBody::of).toList(),
                shown.next());
    }
}
