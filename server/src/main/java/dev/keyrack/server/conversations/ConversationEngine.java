package dev.keyrack.server.conversations;

import dev.keyrack.server.credentials.Credentials;
import dev.keyrack.server.credentials.KeyUse;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Keyset;
import dev.keyrack.server.store.Store;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Everything that visits and conversations need in one process, put together once: what is said through the component and
 * through the chat API goes the same way.
 */
public final class ConversationEngine implements AutoCloseable {
    private final Parts parts;
    private final IdentitySecrets secrets;
    private final VisitorCallApi calls;
    private final VisitorSessions sessions;
    private final Conversations conversations;
    private final Replies replies;
    private final Talk talk;
    private final ReplyStream stream;

    /** What it is made of. */
    public record Parts(
            Store store, Keyset keyset, Ids ids, VisitorVerdicts verdicts, PageCodes pages, ConversationLimit limit) {}

    /**
     * @param nanos a clock that never goes back
     * @param base the address by which people reach Keyrack
     */
    public ConversationEngine(
            Parts parts, ConversationRules rules, Answerer answerer, LongSupplier nanos, Supplier<String> base) {
        this.parts = parts;
        secrets = new IdentitySecrets(parts.keyset(), parts.ids().random());
        VisitorTokens tokens = new VisitorTokens(parts.keyset(), parts.ids());
        VisitorLimits limits = new VisitorLimits(tokens, parts.limit());
        Identities identities = new Identities(parts.store(), secrets, tokens);
        sessions = new VisitorSessions(
                parts.store(), parts.ids(), tokens, parts.verdicts(), limits, parts.pages(), identities, rules);
        calls = new VisitorCallApi(sessions, parts.verdicts(), base);
        conversations = new Conversations(parts.store(), parts.ids(), tokens, limits, rules);
        replies = new Replies(answerer, parts.verdicts(), conversations::keep, Replies.LONGEST);
        talk = new Talk(conversations, replies);
        stream = new ReplyStream(parts.verdicts(), replies, sessions::lives, nanos);
    }

    /** For other slices' endpoints for visitors. */
    public VisitorCallApi calls() {
        return calls;
    }

    public VisitorSessionsApi sessionsApi() {
        return new VisitorSessionsApi(calls, sessions, conversations, replies);
    }

    public ConversationsApi conversationsApi() {
        return new ConversationsApi(calls, conversations, talk, stream);
    }

    /** What hosts' backends sign with. */
    public IdentityKeys identityKeys(Credentials credentials) {
        return new IdentityKeys(parts.store(), credentials, parts.ids(), secrets);
    }

    public ChatApi chatApi(Projects projects, Idempotency idempotency) {
        Chats chats = new Chats(parts.store(), parts.ids(), projects, conversations);
        return new ChatApi(chats, conversations, talk, stream, idempotency);
    }

    public TranscriptsApi transcriptsApi(Projects projects) {
        return new TranscriptsApi(new Transcripts(parts.store(), projects));
    }

    public TranscriptsPage transcriptsPage(Pages pages, Projects projects) {
        return new TranscriptsPage(pages, projects, new Transcripts(parts.store(), projects));
    }

    /** What was said through a key: in how many conversations within a day, and when last. */
    public KeyUse.Facts use(String keyId, boolean hosted) {
        ConversationSql sql = new ConversationSql();
        ConversationSql.Use use = parts.store().read(tx -> sql.use(tx, keyId, tx.at() - ConversationSql.DAY_MICROS));
        return new KeyUse.Facts(use.recent(), use.lastAt(), hosted);
    }

    /** Ends all streams and what is being answered. */
    @Override
    public void close() {
        replies.close();
    }
}
