package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Member;
import dev.keyrack.server.accounts.PortalSessions;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.Answer;
import dev.keyrack.server.http.Creation;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Project;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Project &gt; Credentials: the one pair of a project, its app id and its app secret. */
@RestController
@RequestMapping("/projects/{id}/credentials")
public final class ProjectCredentialsPage {
    /** Web keys that stand on the page; the list of keys has all. */
    private static final int MOST_EMBEDS = 10;

    private final Pages pages;
    private final Projects projects;
    private final KeySearch keys;
    private final CredentialPairs pairs;
    private final Rotation rotation;
    private final UseOfKeys use;
    private final Idempotency idempotency;
    private final Supplier<String> gate;
    private final Supplier<String> base;

    /**
     * @param gate the address of the gate, without a slash at its end
     * @param base the address by which people reach the control plane, without one either
     */
    public ProjectCredentialsPage(
            Pages pages,
            Projects projects,
            Credentials credentials,
            CredentialPairs pairs,
            UseOfKeys use,
            Idempotency idempotency,
            Supplier<String> gate,
            Supplier<String> base) {
        this.pages = pages;
        this.projects = projects;
        this.keys = new KeySearch(credentials);
        this.base = base;
        this.pairs = pairs;
        this.use = use;
        this.rotation = credentials.rotation();
        this.idempotency = idempotency;
        this.gate = gate;
    }

    /**
     * @param pair nothing before it was generated, and where it is not the reader's to see
     * @param others whether it is not the reader's to see
     * @param changeable whether the reader may generate or reset it
     * @param formerEndsAt until when the app secret before works; nothing where none does
     * @param secret the one that was just made, shown this once
     * @param gone whether it was shown already, and this is a reload
     * @param form of the reset, or what makes a repeated click the same click
     * @param embeds the project's web keys that work, which open the assistant on a page
     * @param snippets how a page has it
     * @param programs how a program uses the app secret
     * @param known of the use of the pair; nothing where the reader may not reset it
     */
    public record Model(
            Project project,
            @Nullable KeyRow pair,
            boolean others,
            boolean changeable,
            @Nullable Long formerEndsAt,
            @Nullable String secret,
            boolean gone,
            Form form,
            BasicUse use,
            List<KeySearch.Found> embeds,
            List<Snippet.Shown> snippets,
            List<Snippet.Shown> programs,
            UseOfKeys.@Nullable Known known) {}

    @GetMapping
    ResponseEntity<byte[]> show(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return pages.show(request, "credentials/pair", model(caller, id, null, false, Form.of(Map.of())));
    }

    /** Where a page was answered by a form's address, which somebody now opens by itself. */
    @GetMapping({"/generate", "/reset", "/end-overlap"})
    ResponseEntity<byte[]> back(Caller caller, @PathVariable String id) {
        return Pages.go(address(projects.get(caller, id).id()));
    }

    private static String address(String id) {
        return "/projects/" + id + "/credentials";
    }

    private Model model(Caller caller, String id, @Nullable String secret, boolean gone, Form form) {
        Project project = projects.get(caller, id);
        CredentialPairs.Found found = pairs.find(caller, id);
        Key key = found.key();
        return new Model(
                project,
                key == null ? null : KeyRow.of(key, Map.of(id, project.name()), caller.at()),
                found.others(),
                changeable(caller, key),
                key == null
                        ? null
                        : key.overlapping()
                                .map(Key.Token::endsAt)
                                .filter(end -> end > caller.at())
                                .orElse(null),
                secret,
                gone,
                form,
                new BasicUse(key == null ? "" : key.id().value(), secret, gate.get()),
                keys.find(
                        caller,
                        new ListQuery(
                                MOST_EMBEDS,
                                null,
                                "name",
                                null,
                                Map.of("projectId", List.of(id), "type", List.of("web"), "state", List.of("active")))),
                Snippet.EMBEDS.stream()
                        .map(snippet -> snippet.shown("YOUR-KEY", base.get()))
                        .toList(),
                Snippet.of(KeyType.SERVER).stream().map(Snippet::shown).toList(),
                key != null && changeable(caller, key) ? use.of(caller, key) : null);
    }

    private static boolean changeable(Caller caller, @Nullable Key key) {
        Member reader = caller.member();
        return switch (caller.reach(Right.CHANGE_KEYS)) {
            case NONE -> false;
            case ALL -> true;
            case OWN -> key == null || (reader != null && reader.id().equals(key.ownerId()));
        };
    }

    @PostMapping("/generate")
    ResponseEntity<byte[]> generate(Caller caller, @PathVariable String id, HttpServletRequest request) {
        projects.get(caller, id);
        return made(
                caller,
                id,
                request,
                new FormBody(request).input(),
                creation -> creation.answer(() -> pairs.generate(caller, id, creation)));
    }

    /** Without a script it is this that wants the box ticked. */
    @PostMapping("/reset")
    ResponseEntity<byte[]> reset(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = pairs.find(caller, id).key();
        if (key == null) {
            throw new ProblemException(new Problem.NotFound());
        }
        caller.require(Right.CHANGE_KEYS, key.ownerId());
        PortalSessions.requireRecent(request, address(id));
        JsonInput in = new FormBody(request).number("overlapSeconds").input();
        Form form = Form.of(request);
        if (!form.ticked("reset")) {
            in.error("/reset", Sentence.of("pair.reset-tick"));
        }
        Duration overlap = KeyInputs.overlap(in);
        return made(
                caller,
                id,
                request,
                in,
                creation -> creation.answer(
                        () -> rotation.regenerate(caller, key.id().value(), overlap, version -> {}, creation)
                                .result()));
    }

    private ResponseEntity<byte[]> made(
            Caller caller,
            String id,
            HttpServletRequest request,
            JsonInput in,
            Function<Creation<Credentials.Issued>, ResponseEntity<JsonNode>> work) {
        Form form = Form.of(request);
        try {
            Creation<Credentials.Issued> creation = idempotency.formCreation(
                    request,
                    Secret.of(form.once()),
                    in,
                    caller.credential(),
                    issued -> Answer.changed(
                                    issued.key().version(),
                                    CredentialsApi.IssuedAnswer.of(issued, List.of(), caller.at()))
                            .withTokenOf(issued.key().id().value()));
            String secret = Objects.requireNonNull(work.apply(creation).getBody())
                    .get("token")
                    .stringValue();
            return pages.show(request, "credentials/pair", model(caller, id, secret, false, Form.of(Map.of())));
        } catch (ProblemException e) {
            boolean gone = e.problem() instanceof Problem.AnswerGone;
            Form again = gone ? Form.of(Map.of()) : form.with(e);
            return pages.again(request, e.problem(), "credentials/pair", model(caller, id, null, gone, again));
        }
    }

    /** The app secret before stops as this returns. */
    @PostMapping("/end-overlap")
    ResponseEntity<byte[]> endOverlap(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = pairs.find(caller, id).key();
        if (key == null) {
            throw new ProblemException(new Problem.NotFound());
        }
        rotation.endOverlap(caller, key.id().value(), version -> {});
        return Pages.go(address(id) + "?done=pair-overlap-ended");
    }
}
