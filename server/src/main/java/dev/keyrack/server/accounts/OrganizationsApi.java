package dev.keyrack.server.accounts;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.http.Times;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Organizations over HTTP, once they are there. */
@RestController
@RequestMapping(path = "/api/v1/organizations", produces = MediaType.APPLICATION_JSON_VALUE)
public final class OrganizationsApi {
    private static final Pattern COLOUR = Pattern.compile("#[0-9a-fA-F]{6}");
    static final ListQuery.Rules LIST = new ListQuery.Rules(
                    List.of("subdomain", "-subdomain", "createdAt", "-createdAt"), 2)
            .searchable("subdomain");

    private final Organizations organizations;
    private final OrganizationStates states;

    public OrganizationsApi(Organizations organizations, OrganizationStates states) {
        this.organizations = organizations;
        this.states = states;
    }

    record SettingsBody(@Nullable String accentColor, long conversationDays) {}

    record OrganizationBody(
            String id,
            String name,
            String subdomain,
            boolean operator,
            String state,
            @Nullable String deletedAt,
            @Nullable String keptUntil,
            SettingsBody settings,
            @Nullable String logo,
            String createdAt) {
        static OrganizationBody of(Organization o) {
            Organization.@Nullable Deletion deletion = o.deletion();
            return new OrganizationBody(
                    o.id(),
                    o.name(),
                    o.subdomain(),
                    o.operator(),
                    o.state(),
                    deletion == null ? null : Times.text(deletion.at()),
                    deletion == null ? null : Times.text(deletion.keptUntil()),
                    new SettingsBody(o.settings().accentColor(), o.settings().keptConversationDays()),
                    o.logoAddress(),
                    Times.text(o.createdAt()));
        }
    }

    record OrganizationAnswer(OrganizationBody organization) {}

    record ConfirmedAnswer(OrganizationBody organization, Record confirmation) {}

    @GetMapping
    Page<OrganizationBody> list(Caller caller, HttpServletRequest request) {
        return organizations.list(caller, LIST.read(request)).map(OrganizationBody::of);
    }

    @GetMapping("/{id}")
    ResponseEntity<OrganizationAnswer> get(Caller caller, @PathVariable String id) {
        return answer(organizations.get(caller, id));
    }

    @PatchMapping(
            path = "/{id}",
            consumes = {"application/merge-patch+json", MediaType.APPLICATION_JSON_VALUE})
    ResponseEntity<OrganizationAnswer> update(Caller caller, @PathVariable String id, HttpServletRequest request) {
        organizations.changeable(caller, id);
        JsonInput in = Requests.body(request);
        String name = in.has("name") ? in.name("name", 100) : null;
        UnaryOperator<OrganizationSettings> settings = settings(in);
        in.finish();
        return answer(
                organizations.update(caller, id, name, settings, version -> Requests.requireMatch(request, version)));
    }

    /** What a patch makes of settings. */
    static UnaryOperator<OrganizationSettings> settings(JsonInput in) {
        if (!in.has("settings")) {
            return settings -> settings;
        }
        if (in.isNull("settings")) {
            return settings -> OrganizationSettings.NONE;
        }
        JsonInput inner = in.object("settings");
        if (inner == null) {
            return settings -> settings;
        }
        boolean colourThere = inner.has("accentColor");
        String colour = colourThere && !inner.isNull("accentColor") ? colour(inner) : null;
        boolean daysThere = inner.has("conversationDays");
        Long days = daysThere && !inner.isNull("conversationDays")
                ? inner.number("conversationDays", 1, OrganizationSettings.MOST_CONVERSATION_DAYS)
                : null;
        inner.noOthers();
        return settings -> {
            OrganizationSettings after = colourThere ? settings.withAccentColor(colour) : settings;
            return daysThere ? after.withConversationDays(days) : after;
        };
    }

    private static String colour(JsonInput in) {
        return in.text("accentColor", text -> COLOUR.matcher(text).matches(), Sentence.of("problem.colour"))
                .toLowerCase(Locale.ROOT);
    }

    @PutMapping(
            path = "/{id}/logo",
            consumes = {MediaType.IMAGE_PNG_VALUE, MediaType.IMAGE_JPEG_VALUE})
    ResponseEntity<OrganizationAnswer> putLogo(Caller caller, @PathVariable String id, HttpServletRequest request) {
        return answer(organizations.putLogo(caller, id, Requests.bytes(request, LogoImage.MOST_BYTES)));
    }

    @DeleteMapping("/{id}/logo")
    ResponseEntity<OrganizationAnswer> removeLogo(Caller caller, @PathVariable String id) {
        return answer(organizations.removeLogo(caller, id));
    }

    @PostMapping("/{id}/suspend")
    ResponseEntity<ConfirmedAnswer> suspend(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Requests.optionalBody(request).finish();
        return confirmed(states.suspend(caller, id));
    }

    @PostMapping("/{id}/resume")
    ResponseEntity<ConfirmedAnswer> resume(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Requests.optionalBody(request).finish();
        return confirmed(states.resume(caller, id));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<ConfirmedAnswer> delete(Caller caller, @PathVariable String id) {
        return confirmed(states.delete(caller, id));
    }

    private static ResponseEntity<ConfirmedAnswer> confirmed(OrganizationStates.Confirmed done) {
        return ResponseEntity.ok()
                .eTag(Requests.etag(done.organization().version()))
                .body(new ConfirmedAnswer(OrganizationBody.of(done.organization()), done.confirmation()));
    }

    private static ResponseEntity<OrganizationAnswer> answer(Organization organization) {
        return ResponseEntity.ok()
                .eTag(Requests.etag(organization.version()))
                .body(new OrganizationAnswer(OrganizationBody.of(organization)));
    }
}
