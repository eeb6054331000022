package dev.keyrack.server.conversations;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;

/**
 * Conversations that a member's program holds with the assistant of a project, by personal token: what others call a visitor
 * chat API.
 *
 * <p>Guarantee: for members who see the project, each of whom sees only the chats that they started here; no web key and none
 * of its restrictions has a part in it.
 */
final class Chats {
    private static final String OPERATOR = "operator";

    private final Store store;
    private final Ids ids;
    private final Projects projects;
    private final Conversations conversations;
    private final ConversationSql sql = new ConversationSql();
    private final VisitorSessionSql visitors = new VisitorSessionSql();

    Chats(Store store, Ids ids, Projects projects, Conversations conversations) {
        this.store = store;
        this.ids = ids;
        this.projects = projects;
        this.conversations = conversations;
    }

    private static String member(Caller caller) {
        return caller.member() == null ? OPERATOR : caller.member().id();
    }

    private void requireProject(Tx tx, Caller caller, String projectId) {
        if (!projects.has(tx, caller, projectId)) {
            throw new ProblemException(new Problem.NotFound());
        }
    }

    /** @throws ProblemException if the caller does not see the project */
    void requireProject(Caller caller, String projectId) {
        store.read(tx -> {
            requireProject(tx, caller, projectId);
            return "";
        });
    }

    /** Starts a chat, with a visitor of its own. */
    Answer start(Caller caller, String projectId, Creation<Conversation> creation) {
        String organization = caller.requireOrganization().id();
        // No audit event: a chat is no change of what people set up.
        return caller.change(store, creation.once(tx -> requireProject(tx, caller, projectId), tx -> {
                    Visitor visitor = visitors.make(
                            tx,
                            new Visitor(ids.next("vis"), organization, projectId, null, null),
                            null,
                            member(caller));
                    return Change.none(conversations.begin(tx, visit(caller, projectId, visitor.id())));
                }))
                .result();
    }

    private static Visit visit(Caller caller, String projectId, String visitorId) {
        return new Visit(
                null,
                visitorId,
                null,
                caller.requireOrganization().id(),
                projectId,
                null,
                0,
                new Place(null, false, caller.address()),
                Excused.NONE);
    }

    /** @throws ProblemException if the caller started no such chat in this project, or does not see the project any more */
    Visit of(Caller caller, String projectId, String conversation) {
        return store.read(tx -> {
            requireProject(tx, caller, projectId);
            return sql.visitorOf(tx, conversation, projectId, member(caller))
                    .map(visitor -> visit(caller, projectId, visitor))
                    .orElseThrow(() -> new ProblemException(new Problem.NotFound()));
        });
    }
}
