package dev.keyrack.server.assistants;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Member;
import dev.keyrack.server.accounts.Owner;
import dev.keyrack.server.accounts.PortalSessions;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.outbound.AddressGuard;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Project;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Project > Assistant: what answers its visitors, and a box to try it. */
@RestController
@RequestMapping("/projects/{id}/assistant")
public final class AssistantPage {
    private final Pages pages;
    private final Projects projects;
    private final AssistantSetup setup;
    private final Entries entries;
    private final Trials trials;
    private final Idempotency idempotency;
    private final AddressGuard guard;

    public AssistantPage(
            Pages pages,
            Projects projects,
            AssistantSetup setup,
            Entries entries,
            Trials trials,
            Idempotency idempotency,
            AddressGuard guard) {
        this.pages = pages;
        this.projects = projects;
        this.setup = setup;
        this.entries = entries;
        this.trials = trials;
        this.idempotency = idempotency;
        this.guard = guard;
    }

    /**
     * The page.
     *
     * @param formerEndsAt until when the secret before the present one signs beside it; nothing where none does
     * @param secret of the webhook, if it was just made
     * @param gone whether one was made under this form, and is shown no more
     * @param count how many questions there are
     */
    public record Model(
            Project project,
            boolean changeable,
            Form form,
            boolean secretSet,
            @Nullable Long formerEndsAt,
            boolean apiKeySet,
            int count,
            @Nullable String secret,
            boolean gone,
            @Nullable Trial trial) {}

    /**
     * What was tried.
     *
     * @param question the entry's that fits best; nothing where none fits at all, or no entries answer
     * @param used whether it fits well enough to answer
     * @param failure why there was no answer, or no more of it
     */
    public record Trial(
            Form form,
            boolean asked,
            String text,
            long millis,
            @Nullable String question,
            int percent,
            boolean used,
            @Nullable Sentence failure) {}

    @GetMapping
    ResponseEntity<byte[]> show(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return pages.show(request, "assistants/assistant", model(caller, id, null, null, false, null));
    }

    /** Where a page was answered by a form's address, which somebody now opens by itself. */
    @GetMapping({"/webhook-secret", "/webhook-secret/end-overlap", "/try"})
    ResponseEntity<byte[]> back(Caller caller, @PathVariable String id) {
        return Pages.go(address(projects.get(caller, id).id()));
    }

    private static String address(String id) {
        return "/projects/" + id + "/assistant";
    }

    private Model model(
            Caller caller,
            String id,
            @Nullable Form typed,
            @Nullable String secret,
            boolean gone,
            @Nullable Trial trial) {
        Project project = projects.get(caller, id);
        AssistantSettings settings = setup.get(caller, id);
        AssistantSettings.Former former = settings.webhook().former();
        return new Model(
                project,
                changeable(caller, project),
                typed == null ? Form.of(fields(settings)) : typed,
                settings.webhook().sealedSecret() != null,
                former == null ? null : former.endsAt(),
                settings.openAi().sealedKey() != null,
                entries.all(caller, id).size(),
                secret,
                gone,
                trial);
    }

    static boolean changeable(Caller caller, Project project) {
        Owner owner = project.owner();
        Member reader = caller.member();
        return switch (caller.reach(Right.CHANGE_PROJECTS)) {
            case NONE -> false;
            case ALL -> true;
            case OWN -> owner != null && reader != null && owner.id().equals(reader.id());
        };
    }

    private static Map<String, String> fields(AssistantSettings settings) {
        Map<String, String> fields = new HashMap<>();
        AssistantSettings.OpenAi model = settings.openAi();
        fields.put("backend", settings.backend().text());
        fields.put("faq.fallback", settings.fallback());
        fields.put("webhook.url", Objects.requireNonNullElse(settings.webhook().url(), ""));
        fields.put("openai.url", Objects.requireNonNullElse(model.url(), ""));
        fields.put("openai.model", Objects.requireNonNullElse(model.model(), ""));
        fields.put("openai.systemPrompt", model.systemPrompt());
        Long temperature = model.temperature();
        fields.put(
                "openai.temperature",
                temperature == null
                        ? ""
                        : BigDecimal.valueOf(temperature, 3)
                                .stripTrailingZeros()
                                .toPlainString());
        return fields;
    }

    @PostMapping
    ResponseEntity<byte[]> save(Caller caller, @PathVariable String id, HttpServletRequest request) {
        projects.changeable(caller, id);
        FormBody body = new FormBody(request)
                .text("backend")
                .textOrNull("faq.fallback")
                .textOrNull("webhook.url")
                .textOrNull("openai.url")
                .textOrNull("openai.model")
                .text("openai.systemPrompt")
                .decimalOrNull("openai.temperature")
                .textIfTyped("openai.apiKey");
        if (Form.of(request).ticked("removeApiKey")) {
            body.putNull("openai.apiKey");
        }
        JsonInput in = body.input();
        AssistantPatch patch = AssistantPatch.read(in, guard);
        return changed(
                caller,
                id,
                request,
                in,
                creation -> creation.answer(() -> setup.update(caller, id, patch, version -> {}, creation)));
    }

    @PostMapping("/webhook-secret")
    ResponseEntity<byte[]> replaceSecret(Caller caller, @PathVariable String id, HttpServletRequest request) {
        projects.changeable(caller, id);
        PortalSessions.requireRecent(request, address(id));
        JsonInput in = new FormBody(request).number("overlapSeconds").input();
        Duration overlap = AssistantApi.overlap(in);
        return changed(
                caller,
                id,
                request,
                in,
                creation -> creation.answer(() -> setup.replaceSecret(caller, id, overlap, creation)));
    }

    @PostMapping("/webhook-secret/end-overlap")
    ResponseEntity<byte[]> endOverlap(Caller caller, @PathVariable String id) {
        setup.endOverlap(caller, id);
        return Pages.go(address(id) + "?done=assistant-overlap-ended");
    }

    private ResponseEntity<byte[]> changed(
            Caller caller,
            String id,
            HttpServletRequest request,
            JsonInput in,
            Function<Creation<AssistantSetup.Updated>, ResponseEntity<JsonNode>> work) {
        Form form = Form.of(request);
        try {
            Creation<AssistantSetup.Updated> creation = idempotency.formCreation(
                    request, Secret.of(form.once()), in, caller.credential(), AssistantApi::updated);
            JsonNode answer = Objects.requireNonNull(work.apply(creation).getBody());
            if (!answer.get("webhookSecret").isString()) {
                return Pages.go(address(id) + "?done=assistant-saved");
            }
            String secret = answer.get("webhookSecret").stringValue();
            return pages.show(request, "assistants/assistant", model(caller, id, null, secret, false, null));
        } catch (ProblemException e) {
            boolean gone = e.problem() instanceof Problem.AnswerGone;
            return pages.again(
                    request,
                    e.problem(),
                    "assistants/assistant",
                    model(caller, id, gone ? null : form.with(e), null, gone, null));
        }
    }

    @PostMapping("/try")
    ResponseEntity<byte[]> attempt(Caller caller, @PathVariable String id, HttpServletRequest request) {
        projects.changeable(caller, id);
        Form form = Form.of(request);
        try {
            String question = Trials.question(new FormBody(request).text("text").input());
            Trial trial = trial(form, trials.attempt(caller, id, question));
            return pages.show(request, "assistants/assistant", model(caller, id, null, null, false, trial));
        } catch (ProblemException e) {
            Trial blank = new Trial(form.with(e), false, "", 0, null, 0, false, null);
            return pages.again(
                    request, e.problem(), "assistants/assistant", model(caller, id, null, null, false, blank));
        }
    }

    private static Trial trial(Form form, Trials.Tried tried) {
        FaqIndex.Match match = tried.match();
        AssistantFailed failure = tried.failure();
        return new Trial(
                form,
                true,
                tried.text(),
                tried.millis(),
                match == null ? null : match.entry().question(),
                match == null ? 0 : (int) Math.round(match.score() * 100),
                match != null && match.score() >= FaqIndex.THRESHOLD,
                failure == null ? null : failure.says());
    }
}
