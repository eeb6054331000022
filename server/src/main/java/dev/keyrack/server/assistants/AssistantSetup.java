package dev.keyrack.server.assistants;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.projects.Project;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Keyset;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How assistants are set up, for those who may see or change their projects. */
public final class AssistantSetup {
    /** Standard Webhooks: 24 to 64 random bytes. */
    private static final int SECRET_BYTES = 32;

    /** How long the secret before the present one signs beside it, where nobody says anything else. */
    static final long USUAL_OVERLAP_SECONDS = Duration.ofDays(1).toSeconds();

    static final long MAX_OVERLAP_SECONDS = Duration.ofDays(30).toSeconds();

    private final Store store;
    private final Keyset keyset;
    private final Projects projects;
    private final RandomGenerator random;
    private final AssistantSql sql = new AssistantSql();

    /** @param random a cryptographically strong source */
    public AssistantSetup(Store store, Keyset keyset, Projects projects, RandomGenerator random) {
        this.store = store;
        this.keyset = keyset;
        this.projects = projects;
        this.random = random;
    }

    AssistantSettings get(Caller caller, String projectId) {
        return store.read(tx -> {
            projects.require(tx, caller, projectId, Right.SEE_PROJECTS);
            return settings(tx, projectId);
        });
    }

    AssistantSettings settings(Tx tx, String projectId) {
        return sql.find(tx, projectId).orElseGet(() -> AssistantSettings.initial(projectId));
    }

    void put(Tx tx, AssistantSettings settings) {
        sql.put(tx, settings);
    }

    /** @param secret what the webhook's calls are signed with from now on; nothing where there is no new one */
    record Updated(AssistantSettings settings, @Nullable Secret secret) {}

    /** Whatever chooses an address for the webhook for the first time also makes its secret. */
    Answer update(
            Caller caller, String projectId, AssistantPatch patch, LongConsumer match, Creation<Updated> creation) {
        return caller.change(
                        store,
                        creation.once(
                                tx -> projects.require(tx, caller, projectId, Right.CHANGE_PROJECTS),
                                tx -> update(tx, caller, projectId, patch, match)))
                .result();
    }

    private Change<Updated> update(Tx tx, Caller caller, String projectId, AssistantPatch patch, LongConsumer match) {
        Project project = projects.require(tx, caller, projectId, Right.CHANGE_PROJECTS);
        AssistantSettings before = settings(tx, projectId);
        match.accept(before.version());
        Secret key = patch.apiKey().value();
        String webhookUrl = patch.webhookUrl().or(before.webhook().url());
        Secret made = webhookUrl != null && before.webhook().sealedSecret() == null ? secret() : null;
        AssistantSettings.OpenAi model = before.openAi();
        AssistantSettings after = new AssistantSettings(
                projectId,
                before.version() + 1,
                patch.backend().or(before.backend(), Backend.FAQ),
                patch.fallback().or(before.fallback(), Assistants.FALLBACK),
                new AssistantSettings.Webhook(
                        webhookUrl,
                        made == null ? before.webhook().sealedSecret() : sealed(made, projectId),
                        before.webhook().former()),
                new AssistantSettings.OpenAi(
                        patch.modelUrl().or(model.url()),
                        patch.model().or(model.model()),
                        patch.systemPrompt().or(model.systemPrompt(), ""),
                        patch.temperature().or(model.temperature()),
                        !patch.apiKey().given()
                                ? model.sealedKey()
                                : key == null ? null : keyset.seal(key, Assistants.Places.apiKey(projectId))),
                before.entriesVersion(),
                tx.at());
        requireWhole(after);
        Set<String> changed = changed(before, after);
        if (changed.isEmpty()) {
            return Change.none(new Updated(before, null));
        }
        sql.put(tx, after);
        return Change.of(
                new Updated(after, made),
                new AuditEvent(
                        project.organizationId(),
                        AuditAction.PROJECT_ASSISTANT_UPDATED,
                        project.target(),
                        Map.of("backend", before.backend().text()),
                        Map.of("backend", after.backend().text(), "changed", String.join(", ", changed))));
    }

    private static void requireWhole(AssistantSettings settings) {
        List<Problem.FieldError> missing = new ArrayList<>();
        switch (settings.backend()) {
            case FAQ -> {}
            case WEBHOOK -> require(settings.webhook().url(), "/webhook/url", missing);
            case OPENAI -> {
                require(settings.openAi().url(), "/openai/url", missing);
                require(settings.openAi().model(), "/openai/model", missing);
            }
        }
        if (!missing.isEmpty()) {
            throw new ProblemException(new Problem.InvalidRequest(
                    Sentence.of("problem.backend-needs-more", settings.backend().text()), missing));
        }
    }

    private static void require(@Nullable String value, String pointer, List<Problem.FieldError> missing) {
        if (value == null) {
            missing.add(new Problem.FieldError(pointer, Sentence.of("problem.backend-needs-this")));
        }
    }

    /** The names of what differs: what it says stays out of the audit trail. */
    private static Set<String> changed(AssistantSettings before, AssistantSettings after) {
        Set<String> names = new TreeSet<>();
        differ(names, "backend", before.backend(), after.backend());
        differ(names, "faq.fallback", before.fallback(), after.fallback());
        differ(names, "webhook.url", before.webhook().url(), after.webhook().url());
        differ(
                names,
                "webhook.secret",
                before.webhook().sealedSecret(),
                after.webhook().sealedSecret());
        differ(names, "openai.url", before.openAi().url(), after.openAi().url());
        differ(names, "openai.model", before.openAi().model(), after.openAi().model());
        differ(
                names,
                "openai.systemPrompt",
                before.openAi().systemPrompt(),
                after.openAi().systemPrompt());
        differ(
                names,
                "openai.temperature",
                before.openAi().temperature(),
                after.openAi().temperature());
        differ(
                names,
                "openai.apiKey",
                before.openAi().sealedKey(),
                after.openAi().sealedKey());
        return names;
    }

    private static void differ(Set<String> names, String name, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            names.add(name);
        }
    }

    /**
     * A new secret for the webhook. The one before signs beside it for the overlap; one that was in an overlap already signs
     * nothing any more.
     */
    Answer replaceSecret(Caller caller, String projectId, Duration overlap, Creation<Updated> creation) {
        return caller.change(
                        store,
                        creation.once(tx -> projects.require(tx, caller, projectId, Right.CHANGE_PROJECTS), tx -> {
                            Project project = projects.require(tx, caller, projectId, Right.CHANGE_PROJECTS);
                            AssistantSettings before = settings(tx, projectId);
                            String present = before.webhook().sealedSecret();
                            Secret made = secret();
                            AssistantSettings.Former former = present == null || overlap.isZero()
                                    ? null
                                    : new AssistantSettings.Former(present, tx.at() + overlap.toNanos() / 1_000);
                            AssistantSettings after = before.with(
                                    new AssistantSettings.Webhook(
                                            before.webhook().url(), sealed(made, projectId), former),
                                    tx.at());
                            sql.put(tx, after);
                            Idempotency.erase(tx, projectId);
                            return Change.of(
                                    new Updated(after, made),
                                    new AuditEvent(
                                            project.organizationId(),
                                            AuditAction.PROJECT_ASSISTANT_SECRET_REPLACED,
                                            project.target(),
                                            null,
                                            former == null ? null : ending(former.endsAt())));
                        }))
                .result();
    }

    /** Ends the overlap before its time: the former secret signs nothing any more. Where there is none, nothing changes. */
    AssistantSettings endOverlap(Caller caller, String projectId) {
        return caller.change(store, tx -> {
                    Project project = projects.require(tx, caller, projectId, Right.CHANGE_PROJECTS);
                    AssistantSettings before = settings(tx, projectId);
                    AssistantSettings.Former former = before.webhook().former();
                    if (former == null) {
                        return Change.none(before);
                    }
                    AssistantSettings after = before.with(
                            new AssistantSettings.Webhook(
                                    before.webhook().url(), before.webhook().sealedSecret(), null),
                            tx.at());
                    sql.put(tx, after);
                    return Change.of(
                            after,
                            new AuditEvent(
                                    project.organizationId(),
                                    AuditAction.PROJECT_ASSISTANT_OVERLAP_ENDED,
                                    project.target(),
                                    ending(former.endsAt()),
                                    ending(tx.at())));
                })
                .result();
    }

    private static Map<String, Object> ending(long at) {
        return Map.of("formerEndsAt", Times.text(at));
    }

    private Secret secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Secret.of("whsec_" + Base64.getEncoder().encodeToString(bytes));
    }

    private String sealed(Secret secret, String projectId) {
        return keyset.seal(secret, Assistants.Places.webhookSecret(projectId));
    }
}
