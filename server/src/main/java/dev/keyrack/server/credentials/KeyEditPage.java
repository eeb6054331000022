package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.MemberChoice;
import dev.keyrack.server.accounts.Reach;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.permissions.PermissionCatalogue;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Edits a key: its name, owner, expiry, permissions and metadata. Its token stays. */
@RestController
@RequestMapping("/settings/api-keys/{id}/edit")
public final class KeyEditPage {
    private static final String PERMISSIONS = "permissions-kind";

    private final Pages pages;
    private final Credentials credentials;
    private final Projects projects;
    private final MemberChoice members;
    private final PermissionCatalogue catalogue;

    public KeyEditPage(
            Pages pages,
            Credentials credentials,
            Projects projects,
            MemberChoice members,
            PermissionCatalogue catalogue) {
        this.pages = pages;
        this.credentials = credentials;
        this.projects = projects;
        this.members = members;
        this.catalogue = catalogue;
    }

    /**
     * @param now what is saved, where that changed while the form was filled in; nothing where it did not
     * @param offer whom it can be given to; nothing where the reader may not
     * @param offered the permissions of the catalogue for its type
     */
    public record Model(
            KeyTab tab,
            Form form,
            @Nullable Form now,
            MemberChoice.@Nullable Offer offer,
            List<PermissionCatalogue.Offered> offered) {}

    @GetMapping
    ResponseEntity<byte[]> form(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        return show(caller, request, HttpStatus.OK, key, saved(key), null);
    }

    private ResponseEntity<byte[]> show(
            Caller caller, HttpServletRequest request, HttpStatus status, Key key, Form form, @Nullable Form now) {
        return pages.show(
                request,
                status,
                "credentials/key-edit",
                new Model(KeyTab.of(caller, key, projects), form, now, offer(caller), offered(key.type())));
    }

    private List<PermissionCatalogue.Offered> offered(KeyType type) {
        return catalogue.offered().stream()
                .filter(permission -> permission.types().contains(type))
                .toList();
    }

    private MemberChoice.@Nullable Offer offer(Caller caller) {
        return caller.reach(Right.CHANGE_KEYS) == Reach.ALL && caller.reach(Right.MANAGE) == Reach.ALL
                ? members.offer(caller, null)
                : null;
    }

    /** The key as the form shows it. */
    private static Form saved(Key key) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("name", key.name());
        values.put("ownerId", Objects.requireNonNullElse(key.ownerId(), ""));
        values.put("expiresAt", expiry(key));
        values.put(PERMISSIONS, key.permissions() == null ? "all" : "some");
        values.put("permissions", String.join("\n", permissions(key)));
        values.put(
                "metadata",
                new TreeMap<>(key.metadata())
                        .entrySet().stream()
                                .map(e -> e.getKey() + " = " + e.getValue())
                                .collect(Collectors.joining("\n")));
        values.put(KeyTab.VERSION, String.valueOf(key.version()));
        return Form.of(values);
    }

    private static List<String> permissions(Key key) {
        return Objects.requireNonNullElse(key.permissions(), List.of());
    }

    /** As a field for a date and time writes it: UTC, to the second. */
    private static String expiry(Key key) {
        Long expiresAt = key.expiresAt();
        return expiresAt == null ? "" : Times.text(expiresAt).substring(0, 19);
    }

    @PostMapping
    ResponseEntity<byte[]> save(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        Form form = Form.of(request);
        try {
            credentials.update(caller, id, patch(caller, request, form, key), KeyTab.shown(form.value(KeyTab.VERSION)));
            return Pages.go(KeyTab.address(key.id().value()) + "?done=key-saved");
        } catch (ProblemException e) {
            Key now = credentials.get(caller, id);
            return switch (e.problem()) {
                case Problem.PreconditionFailed changed ->
                    show(
                            caller,
                            request,
                            HttpStatus.PRECONDITION_FAILED,
                            now,
                            form.with(changed).with(KeyTab.VERSION, String.valueOf(now.version())),
                            saved(now));
                case Problem.InvalidRequest wrong ->
                    show(caller, request, HttpStatus.BAD_REQUEST, now, form.with(wrong), null);
                case Problem.Conflict wrong -> show(caller, request, HttpStatus.CONFLICT, now, form.with(wrong), null);
                default -> throw e;
            };
        }
    }

    /** What differs from the saved key: sending permissions again would give what the catalogue added since. */
    private KeyPatch patch(Caller caller, HttpServletRequest request, Form form, Key key) {
        FormBody body = new FormBody(request).text("name");
        String owner = form.value("ownerId").strip();
        if (!owner.isEmpty() && !owner.equals(key.ownerId())) {
            body.put("ownerId", members.id(caller, owner));
        }
        if (!seconds(form.value("expiresAt")).equals(expiry(key))) {
            if (body.typed("expiresAt")) {
                body.put("expiresAt", moment(form.value("expiresAt")));
            } else {
                body.putNull("expiresAt");
            }
        }
        boolean some = form.has(PERMISSIONS, "some");
        if (some && (key.permissions() == null || !lines(form, "permissions").equals(permissions(key)))) {
            body.list("permissions");
        } else if (form.has(PERMISSIONS, "all") && key.permissions() != null) {
            body.putNull("permissions");
        }
        JsonInput in = body.entries("metadata", key.metadata().keySet()).input();
        twice(form).ifPresent(name -> in.error("/metadata", Sentence.of("problem.twice", name)));
        KeyPatch patch = KeyPatchInput.read(in, new RestrictionsInput(), Optional.empty(), caller.at());
        in.finish();
        return patch;
    }

    /** A browser leaves seconds out where they are none. */
    private static String seconds(String typed) {
        return typed.strip().matches("[0-9-]{10}T[0-9]{2}:[0-9]{2}") ? typed.strip() + ":00" : typed.strip();
    }

    /** A time without a zone is one of UTC; whoever types one with a zone means it. */
    private static String moment(String typed) {
        String text = seconds(typed);
        return text.matches("[0-9-]{10}T[0-9:.]+") ? text + "Z" : text;
    }

    private static List<String> lines(Form form, String field) {
        return form.values(field).stream()
                .flatMap(String::lines)
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** An entry of the metadata that is typed a second time. */
    static Optional<String> twice(Form form) {
        Set<String> names = new HashSet<>();
        return lines(form, "metadata").stream()
                .map(line -> line.replaceFirst("\\s*=.*", ""))
                .filter(name -> !names.add(name))
                .findFirst();
    }
}
