package dev.keyrack.server.assistants;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.projects.Project;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tries an assistant as it is set up, before visitors do. Nothing of it is kept. */
public final class Trials {
    /** As long as a visitor's message may be. */
    static final int MAX_QUESTION = 8_000;

    private final Store store;
    private final Ids ids;
    private final Projects projects;
    private final Assistants assistants;

    public Trials(Store store, Ids ids, Projects projects, Assistants assistants) {
        this.store = store;
        this.ids = ids;
        this.projects = projects;
        this.assistants = assistants;
    }

    /**
     * How a trial went.
     *
     * @param text what was answered, as far as it came
     * @param match the entry that fits best; nothing unless entries answer, and one fits at all
     * @param failure nothing where it answered
     */
    record Tried(
            String text,
            long millis,
            FaqIndex.@Nullable Match match,
            @Nullable AssistantFailed failure) {}

    /** Reads what is to be asked, and ends the reading. */
    static String question(JsonInput in) {
        String text = in.lines("text", 1, MAX_QUESTION);
        in.finish();
        return text;
    }

    /** Asks as a visitor would who has just opened a conversation. It may cost: whoever may change the project may do it. */
    Tried attempt(Caller caller, String projectId, String question) {
        Project project = store.read(tx -> projects.require(tx, caller, projectId, Right.CHANGE_PROJECTS));
        Turn turn = new Turn(
                project.organizationId(),
                projectId,
                ids.next("cnv"),
                ids.next("msg"),
                ids.next("vis"),
                null,
                null,
                List.of(new Said(Said.Author.VISITOR, question)));
        StringBuilder text = new StringBuilder();
        Reply reply = new Reply() {
            @Override
            public void add(String piece) {
                text.append(piece);
            }

            @Override
            public boolean cancelled() {
                return false;
            }

            @Override
            public void onCancel(Runnable end) {
                // Nobody can.
            }
        };
        long began = System.nanoTime();
        try {
            Optional<FaqIndex.Match> match = assistants.answered(turn, reply);
            return new Tried(text.toString(), since(began), match.orElse(null), null);
        } catch (AssistantFailed e) {
            return new Tried(text.toString(), since(began), null, e);
        }
    }

    private static long since(long began) {
        return (System.nanoTime() - began) / 1_000_000;
    }
}
