package dev.keyrack.server.conversations;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.ListLinks;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Project;
import dev.keyrack.server.projects.Projects;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Project &gt; Conversations: what visitors and the assistant said to each other, as text and nothing else. */
@RestController
@RequestMapping("/projects/{id}/conversations")
public final class TranscriptsPage {
    private final Pages pages;
    private final Projects projects;
    private final Transcripts transcripts;

    TranscriptsPage(Pages pages, Projects projects, Transcripts transcripts) {
        this.pages = pages;
        this.projects = projects;
        this.transcripts = transcripts;
    }

    /**
     * A conversation, and with whom. Times are microseconds since 1970.
     *
     * @param customer whom the host's own backend vouched for; nothing for a guest
     * @param name for display only
     * @param keyId the web key that it goes through; nothing where a member's program had it
     */
    public record Row(
            String id,
            String visitor,
            @Nullable String customer,
            @Nullable String name,
            @Nullable String keyId,
            long startedAt,
            boolean open,
            long messages) {
        static Row of(ConversationSql.Listed listed) {
            Conversation conversation = listed.conversation();
            return new Row(
                    conversation.id(),
                    conversation.visitorId(),
                    listed.customer(),
                    listed.name(),
                    conversation.keyId(),
                    conversation.startedAt(),
                    conversation.open(),
                    conversation.messages());
        }
    }

    /** @param next the cursor of the next page; nothing on the last one */
    public record Listed(
            Project project,
            List<Row> rows,
            Form filter,
            ListLinks links,
            @Nullable String next) {}

    @GetMapping
    ResponseEntity<byte[]> list(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Project project = projects.get(caller, id);
        ListQuery query = TranscriptsApi.LIST.readForPage(request);
        Page<ConversationSql.Listed> found = transcripts.list(caller, id, query);
        return pages.show(
                request,
                "conversations/transcripts",
                new Listed(
                        project,
                        found.items().stream().map(Row::of).toList(),
                        Form.of(request),
                        new ListLinks(request, query, List.of("search")),
                        found.next()));
    }

    /**
     * One message.
     *
     * @param author visitor or assistant
     * @param state complete, streaming, failed or cancelled
     * @param rating up or down; nothing where the visitor said neither
     */
    public record Said(
            String author,
            String text,
            long at,
            String state,
            @Nullable String rating) {}

    /** @param earlier the cursor of the messages before those; nothing where there are none */
    public record Transcript(
            Project project,
            Row row,
            List<Said> messages,
            ListLinks links,
            @Nullable String earlier) {}

    @GetMapping("/{conversation}")
    ResponseEntity<byte[]> show(
            Caller caller, @PathVariable String id, @PathVariable String conversation, HttpServletRequest request) {
        Project project = projects.get(caller, id);
        ListQuery query = TranscriptsApi.MESSAGES.readForPage(request);
        Transcripts.Shown shown = transcripts.get(caller, id, conversation, query);
        List<Said> messages = shown.messages().stream()
                .map(message -> new Said(
                        message.author().text(),
                        message.text(),
                        message.at(),
                        message.state().text(),
                        message.rating()))
                .toList();
        return pages.show(
                request,
                "conversations/transcript",
                new Transcript(
                        project,
                        Row.of(shown.listed()),
                        messages,
                        new ListLinks(request, query, List.of()),
                        shown.next()));
    }
}
