package dev.keyrack.server.assistants;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.outbound.AddressGuard;
import dev.keyrack.server.projects.Projects;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** How the assistant of a project is set up and tried, over HTTP. */
@RestController
@RequestMapping(path = "/api/v1/projects/{id}/assistant", produces = MediaType.APPLICATION_JSON_VALUE)
public final class AssistantApi {
    private final Projects projects;
    private final AssistantSetup setup;
    private final Trials trials;
    private final Idempotency idempotency;
    private final AddressGuard guard;

    public AssistantApi(
            Projects projects, AssistantSetup setup, Trials trials, Idempotency idempotency, AddressGuard guard) {
        this.projects = projects;
        this.setup = setup;
        this.trials = trials;
        this.idempotency = idempotency;
        this.guard = guard;
    }

    record FaqBody(String fallback) {}

    /** @param formerSecretEndsAt until when the secret before the present one signs beside it; null where none does */
    record WebhookBody(
            @Nullable String url,
            boolean secretSet,
            @Nullable String formerSecretEndsAt) {}

    record OpenAiBody(
            @Nullable String url,
            @Nullable String model,
            String systemPrompt,
            @Nullable Double temperature,
            boolean apiKeySet) {}

    record AssistantBody(
            String projectId,
            String backend,
            FaqBody faq,
            WebhookBody webhook,
            OpenAiBody openai,
            @Nullable String updatedAt) {
        static AssistantBody of(AssistantSettings settings) {
            AssistantSettings.OpenAi model = settings.openAi();
            AssistantSettings.Webhook webhook = settings.webhook();
            AssistantSettings.Former former = webhook.former();
            return new AssistantBody(
                    settings.projectId(),
                    settings.backend().text(),
                    new FaqBody(settings.fallback()),
                    new WebhookBody(
                            webhook.url(),
                            webhook.sealedSecret() != null,
                            former == null ? null : Times.text(former.endsAt())),
                    new OpenAiBody(
                            model.url(),
                            model.model(),
                            model.systemPrompt(),
                            model.temperature() == null ? null : model.temperature() / 1000.0,
                            model.sealedKey() != null),
                    settings.version() == 0 ? null : Times.text(settings.updatedAt()));
        }
    }

    record AssistantAnswer(AssistantBody assistant) {}

    /** @param webhookSecret what calls are signed with: shown here and nowhere else, null where there is no new one */
    record UpdatedAnswer(AssistantBody assistant, @Nullable String webhookSecret) {}

    @GetMapping
    ResponseEntity<AssistantAnswer> get(Caller caller, @PathVariable String id) {
        AssistantSettings settings = setup.get(caller, id);
        return ResponseEntity.ok()
                .eTag(Requests.etag(settings.version()))
                .body(new AssistantAnswer(AssistantBody.of(settings)));
    }

    @PatchMapping(consumes = {"application/merge-patch+json", MediaType.APPLICATION_JSON_VALUE})
    ResponseEntity<JsonNode> update(Caller caller, @PathVariable String id, HttpServletRequest request) {
        projects.changeable(caller, id);
        JsonInput in = Requests.body(request);
        AssistantPatch patch = AssistantPatch.read(in, guard);
        Creation<AssistantSetup.Updated> creation =
                idempotency.creation(request, in, caller.credential(), AssistantApi::updated);
        return creation.answer(
                () -> setup.update(caller, id, patch, version -> Requests.requireMatch(request, version), creation));
    }

    @PostMapping("/webhook-secret")
    ResponseEntity<JsonNode> replaceSecret(Caller caller, @PathVariable String id, HttpServletRequest request) {
        projects.changeable(caller, id);
        JsonInput in = Requests.optionalBody(request);
        Duration overlap = overlap(in);
        Creation<AssistantSetup.Updated> creation =
                idempotency.creation(request, in, caller.credential(), AssistantApi::updated);
        return creation.answer(() -> setup.replaceSecret(caller, id, overlap, creation));
    }

    static Duration overlap(JsonInput in) {
        return Duration.ofSeconds(
                in.has("overlapSeconds")
                        ? in.number("overlapSeconds", 0, AssistantSetup.MAX_OVERLAP_SECONDS)
                        : AssistantSetup.USUAL_OVERLAP_SECONDS);
    }

    @PostMapping("/webhook-secret/end-overlap")
    ResponseEntity<AssistantAnswer> endOverlap(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Requests.optionalBody(request).finish();
        AssistantSettings settings = setup.endOverlap(caller, id);
        return ResponseEntity.ok()
                .eTag(Requests.etag(settings.version()))
                .body(new AssistantAnswer(AssistantBody.of(settings)));
    }

    static Answer updated(AssistantSetup.Updated updated) {
        AssistantSettings settings = updated.settings();
        return Answer.changed(
                        settings.version(),
                        new UpdatedAnswer(
                                AssistantBody.of(settings),
                                updated.secret() == null
                                        ? null
                                        : updated.secret().reveal()))
                .withTokenOf(settings.projectId());
    }

    record MatchBody(String entryId, String question, double score, boolean used) {}

    record FailureBody(String reason, String detail) {}

    /**
     * @param text what was answered, as far as it came
     * @param match the entry that fits best; null unless entries answer, and one fits at all
     * @param failure null where it answered
     */
    record TriedAnswer(
            String text,
            long millis,
            @Nullable MatchBody match,
            @Nullable FailureBody failure) {}

    @PostMapping(path = "/try", consumes = MediaType.APPLICATION_JSON_VALUE)
    TriedAnswer attempt(Caller caller, @PathVariable String id, HttpServletRequest request) {
        projects.changeable(caller, id);
        Trials.Tried tried = trials.attempt(caller, id, Trials.question(Requests.body(request)));
        AssistantFailed failure = tried.failure();
        FaqIndex.Match match = tried.match();
        return new TriedAnswer(
                tried.text(),
                tried.millis(),
                match == null
                        ? null
                        : new MatchBody(
                                match.entry().id(),
                                match.entry().question(),
                                Math.round(match.score() * 100) / 100.0,
                                match.score() >= FaqIndex.THRESHOLD),
                failure == null
                        ? null
                        : new FailureBody(failure.reason().name(), String.valueOf(failure.getMessage())));
    }
}
