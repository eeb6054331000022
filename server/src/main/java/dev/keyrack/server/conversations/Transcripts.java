package dev.keyrack.server.conversations;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.projects.Project;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.server.store.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was said to the visitors of a project, for those whose role lets them read it. */
final class Transcripts {
    private final Store store;
    private final Projects projects;
    private final ConversationSql sql = new ConversationSql();
    private final MessageSql messages = new MessageSql();

    Transcripts(Store store, Projects projects) {
        this.store = store;
        this.projects = projects;
    }

    private void require(Caller caller, String projectId) {
        Project project = projects.get(caller, projectId);
        caller.require(
                Right.SEE_TRANSCRIPTS,
                project.owner() == null ? null : project.owner().id());
    }

    /** The newest first. */
    Page<ConversationSql.Listed> list(Caller caller, String projectId, ListQuery query) {
        require(caller, projectId);
        Cursor after = query.after();
        return Page.of(
                store.read(tx -> after == null
                        ? sql.page(tx, projectId, query.search(), Long.MAX_VALUE, "", query.limit() + 1)
                        : sql.page(
                                tx,
                                projectId,
                                query.search(),
                                after.number(0),
                                after.values().get(1),
                                query.limit() + 1)),
                query,
                listed -> new Cursor(
                        query.sort(),
                        List.of(
                                String.valueOf(listed.conversation().startedAt()),
                                listed.conversation().id())));
    }

    /**
     * One, with a page of its messages, oldest first.
     *
     * @param next the cursor of the page with those before them; nothing where there are none
     */
    record Shown(
            ConversationSql.Listed listed,
            List<Message> messages,
            @Nullable String next) {}

    /** @param query of its messages, from the newest back */
    Shown get(Caller caller, String projectId, String id, ListQuery query) {
        require(caller, projectId);
        Cursor after = query.after();
        long before = after == null ? Long.MAX_VALUE : after.number(0);
        return store.read(tx -> {
            ConversationSql.Listed listed =
                    sql.listed(tx, projectId, id).orElseThrow(() -> new ProblemException(new Problem.NotFound()));
            Page<Message> page = Page.of(
                    messages.newestBefore(tx, id, before, query.limit() + 1).reversed(),
                    query,
                    message -> new Cursor(query.sort(), List.of(String.valueOf(message.number()))));
            return new Shown(
                    listed,
                    page.items().reversed().stream().map(m -> m.at(tx.at())).toList(),
                    page.next());
        });
    }
}
