package dev.keyrack.server.assistants;

import dev.keyrack.server.outbound.Outbound;
import dev.keyrack.server.store.Keyset;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.Secret;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The assistants of projects: they answer. How they are set up is for {@link AssistantSetup}. */
public final class Assistants {
    /** What is answered where nobody has said anything else. */
    static final String FALLBACK = "I have no answer to that yet.";

    private final Store store;
    private final Keyset keyset;
    private final AssistantSql sql = new AssistantSql();
    private final EntrySql entries = new EntrySql();
    private final FaqIndexes indexes = new FaqIndexes();
    private final WebhookBackend webhook;
    private final ChatCompletionsBackend model;

    public Assistants(Store store, Keyset keyset, Outbound outbound) {
        this.store = store;
        this.keyset = keyset;
        BackendCall call = new BackendCall(outbound);
        this.webhook = new WebhookBackend(call);
        this.model = new ChatCompletionsBackend(call);
    }

    /**
     * Answers a visitor. Blocks until the answer is written whole; called on a thread of its own. When nobody waits for it
     * any more, it just ends.
     *
     * @throws AssistantFailed if there is none, or no more of it
     */
    public void answer(Turn turn, Reply reply) throws AssistantFailed {
        answered(turn, reply);
    }

    /** How an answer was found: only the entries of a project can tell. */
    Optional<FaqIndex.Match> answered(Turn turn, Reply reply) throws AssistantFailed {
        Asked asked = store.read(tx -> {
            AssistantSettings settings =
                    sql.find(tx, turn.projectId()).orElseGet(() -> AssistantSettings.initial(turn.projectId()));
            // The settings are read for each answer, and so is the number of the entries: what somebody changed a
            // moment
            // ago counts, wherever they did.
            FaqIndex index = settings.backend() != Backend.FAQ || settings.entriesVersion() == 0
                    ? null
                    : indexes.of(turn.projectId(), settings.entriesVersion(), () -> entries.all(tx, turn.projectId()));
            return new Asked(settings, index, tx.at() / 1_000_000);
        });
        AssistantSettings settings = asked.settings();
        CheckedReply checked = new CheckedReply(reply);
        switch (settings.backend()) {
            case FAQ -> {
                return found(asked, turn, reply);
            }
            case WEBHOOK ->
                webhook.answer(
                        Objects.requireNonNull(settings.webhook().url()),
                        secrets(settings.webhook(), turn.projectId()),
                        turn,
                        asked.at(),
                        checked);
            case OPENAI -> {
                String key = settings.openAi().sealedKey();
                model.answer(
                        settings.openAi(),
                        key == null ? null : open(key, Places.apiKey(turn.projectId())),
                        turn,
                        checked);
            }
        }
        return Optional.empty();
    }

    /** @param at seconds since 1970 */
    private record Asked(
            AssistantSettings settings, @Nullable FaqIndex index, long at) {}

    private static Optional<FaqIndex.Match> found(Asked asked, Turn turn, Reply reply) {
        FaqIndex index = asked.index();
        Optional<FaqIndex.Match> best = index == null ? Optional.empty() : index.best(turn.question());
        Optional<FaqIndex.Match> good = best.filter(match -> match.score() >= FaqIndex.THRESHOLD);
        reply.add(good.map(match -> match.entry().answer())
                .orElse(asked.settings().fallback()));
        return best;
    }

    /** What a call of the webhook is signed with, the newest first. */
    private List<Secret> secrets(AssistantSettings.Webhook webhook, String projectId) {
        return Stream.concat(
                        Stream.of(Objects.requireNonNull(webhook.sealedSecret())),
                        Stream.ofNullable(webhook.former()).map(AssistantSettings.Former::sealedSecret))
                .map(kept -> open(kept, Places.webhookSecret(projectId)))
                .toList();
    }

    private Secret open(String sealed, String place) {
        try {
            return keyset.open(sealed, place);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a secret of an assistant cannot be opened with this keyset", e);
        }
    }

    /** What the secrets of an assistant are bound to when they are encrypted. */
    static final class Places {
        private Places() {}

        static String webhookSecret(String projectId) {
            return "assistant/" + projectId + "/webhook-secret";
        }

        static String apiKey(String projectId) {
            return "assistant/" + projectId + "/api-key";
        }
    }
}
