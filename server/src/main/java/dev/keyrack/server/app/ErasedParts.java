package dev.keyrack.server.app;

import dev.keyrack.server.accounts.ErasedMembersSql;
import dev.keyrack.server.assistants.ErasedAssistantsSql;
import dev.keyrack.server.conversations.ErasedVisitsSql;
import dev.keyrack.server.credentials.ErasedKeysSql;
import dev.keyrack.server.feed.ErasedNodesSql;
import dev.keyrack.server.projects.ErasedProjectsSql;
import dev.keyrack.server.store.Erasable;
import java.util.List;

/** All that is kept of an organization: what refers to something comes before it. */
public final class ErasedParts {
    private ErasedParts() {}

    public static List<Erasable> all() {
        return List.of(
                new ErasedVisitsSql(),
                new ErasedAssistantsSql(),
                new ErasedKeysSql(ErasedVisitsSql::countsOfKey),
                new ErasedProjectsSql(),
                new ErasedMembersSql(),
                new ErasedNodesSql());
    }
}
