package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Notice;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where a key works: its restrictions, local development, and what it would answer to whom. */
@RestController
@RequestMapping("/settings/api-keys/{id}/restrictions")
public final class KeyRestrictionsPage {
    private static final String DEVELOPMENT = "localDevelopment";

    private final Pages pages;
    private final Credentials credentials;
    private final KeyRefusals refusals;
    private final Projects projects;

    public KeyRestrictionsPage(Pages pages, Credentials credentials, KeyRefusals refusals, Projects projects) {
        this.pages = pages;
        this.credentials = credentials;
        this.refusals = refusals;
        this.projects = projects;
    }

    /** @param until microseconds since 1970 */
    public record Local(List<String> websites, List<String> networks, long until) {}

    /** What was understood otherwise than it was written, for the field it is about. */
    public record Understood(String field, Sentence says) {}

    /**
     * @param form the restrictions, saved or as they were typed
     * @param now what is saved, where that changed while the form was filled in; nothing where it did not
     * @param added an entry that another page put into the form, which is not saved yet; empty where none is
     * @param local what counts for local development at this moment; nothing where nothing does
     * @param developing the form that starts it
     * @param notices of what was saved just now
     * @param proof that what was saved just now is in force; nothing where nothing was
     */
    public record Model(
            KeyTab tab,
            Form form,
            @Nullable Form now,
            String added,
            @Nullable Local local,
            Form developing,
            KeyTrial.Model trial,
            List<Understood> notices,
            @Nullable Proof proof) {}

    /** What differs between the ways to come to this page. */
    private record Shown(
            Key key,
            HttpStatus status,
            Form form,
            @Nullable Form now,
            String added,
            @Nullable Form developing,
            List<Understood> notices,
            @Nullable Proof proof) {
        static Shown of(Key key) {
            return new Shown(key, HttpStatus.OK, RestrictionsForm.saved(key), null, "", null, List.of(), null);
        }

        Shown typed(HttpStatus why, Form typed, @Nullable Form saved) {
            return new Shown(key, why, typed, saved, added, developing, notices, proof);
        }

        Shown adding(Form typed, String entry) {
            return new Shown(key, status, typed, now, entry, developing, notices, proof);
        }

        Shown developing(HttpStatus why, Form typed) {
            return new Shown(key, why, form, now, added, typed, notices, proof);
        }

        Shown saved(List<Understood> understood, Proof inForce) {
            return new Shown(key, status, form, now, added, developing, understood, inForce);
        }
    }

    @GetMapping
    ResponseEntity<byte[]> form(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = seen(caller, id);
        Shown shown = Shown.of(key);
        RestrictionsForm.Added added = RestrictionsForm.adding(
                shown.form(), request.getParameter("allow-website"), request.getParameter("allow-network"));
        return show(caller, request, added.entry().isEmpty() ? shown : shown.adding(added.form(), added.entry()));
    }

    private Key seen(Caller caller, String id) {
        return allowed(caller, Right.DIAGNOSE_KEYS, id);
    }

    private Key allowed(Caller caller, Right right, String id) {
        Key key = credentials.get(caller, id);
        caller.require(right, key.ownerId());
        return key;
    }

    private ResponseEntity<byte[]> show(Caller caller, HttpServletRequest request, Shown shown) {
        KeyRestrictions.Local local = shown.key().restrictions().local();
        Form developing = shown.developing();
        return pages.show(
                request,
                shown.status(),
                "credentials/key-restrictions",
                new Model(
                        KeyTab.of(caller, shown.key(), projects),
                        shown.form(),
                        shown.now(),
                        shown.added(),
                        local == null || local.until() <= caller.at()
                                ? null
                                : new Local(local.websites(), local.networks(), local.until()),
                        developing == null ? fresh(request) : developing,
                        KeyTrial.of(caller, asked(request), shown.key(), refusals),
                        shown.notices(),
                        shown.proof()));
    }

    /** What is to be tried stands in the address; the page's other forms are sent to other ones, and ask nothing. */
    private static Form asked(HttpServletRequest request) {
        return request.getMethod().equals("GET") ? Form.of(request) : Form.of(Map.of());
    }

    private static Form fresh(HttpServletRequest request) {
        return Form.of(Map.of(
                DEVELOPMENT + ".website",
                "",
                DEVELOPMENT + ".address",
                Requests.knownAddress(request).orElse(""),
                DEVELOPMENT + ".hours",
                "8"));
    }

    /** Answered by the page itself, with the proof. A reload finds saved what it wants, and waits for the proof again. */
    @PostMapping
    ResponseEntity<byte[]> save(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        Form form = Form.of(request);
        try {
            RestrictionsInput read = new RestrictionsInput();
            JsonInput in = RestrictionsForm.input(new FormBody(request), form);
            KeyPatch patch = KeyPatchInput.read(in, read, Optional.empty(), caller.at());
            in.finish();
            boolean saved = patch.applyTo(key, key.owner(), key.permissionsAsOf())
                    .restrictions()
                    .equals(key.restrictions());
            Credentials.Confirmed<Key> done = credentials.update(
                    caller,
                    id,
                    patch,
                    KeyTab.shown(saved ? String.valueOf(key.version()) : form.value(KeyTab.VERSION)));
            return show(
                    caller,
                    request,
                    Shown.of(done.result())
                            .saved(
                                    understood(read.notices(done.result().restrictions())),
                                    Proof.of(done.confirmation(), caller.at())));
        } catch (ProblemException e) {
            Shown now = Shown.of(credentials.get(caller, id));
            return switch (e.problem()) {
                case Problem.PreconditionFailed changed ->
                    show(
                            caller,
                            request,
                            now.typed(
                                    HttpStatus.PRECONDITION_FAILED,
                                    form.with(changed)
                                            .with(
                                                    KeyTab.VERSION,
                                                    String.valueOf(now.key().version())),
                                    now.form()));
                case Problem.InvalidRequest wrong ->
                    show(caller, request, now.typed(HttpStatus.BAD_REQUEST, form.with(wrong), null));
                case Problem.Conflict wrong ->
                    show(caller, request, now.typed(HttpStatus.CONFLICT, form.with(wrong), null));
                default -> throw e;
            };
        }
    }

    private static List<Understood> understood(List<Notice> notices) {
        return notices.stream()
                .map(notice -> new Understood(
                        notice.pointer().replaceFirst("^/restrictions/([a-z]+)/.*", "$1"), notice.says()))
                .toList();
    }

    @PostMapping("/local")
    ResponseEntity<byte[]> develop(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        JsonInput in = new FormBody(request)
                .object(DEVELOPMENT)
                .textIfTyped(DEVELOPMENT + ".website")
                .textIfTyped(DEVELOPMENT + ".address")
                .number(DEVELOPMENT + ".hours")
                .input();
        try {
            KeyPatch patch =
                    KeyPatchInput.read(in, new RestrictionsInput(), Requests.knownAddress(request), caller.at());
            in.finish();
            credentials.update(caller, id, patch, version -> {});
            return Pages.go(address(key) + "?done=local-started");
        } catch (ProblemException e) {
            Form typed = Form.of(request).with(e.problem());
            return switch (e.problem()) {
                case Problem.InvalidRequest wrong ->
                    show(caller, request, Shown.of(key).developing(HttpStatus.BAD_REQUEST, typed));
                case Problem.Conflict wrong ->
                    show(caller, request, Shown.of(key).developing(HttpStatus.CONFLICT, typed));
                default -> throw e;
            };
        }
    }

    @PostMapping("/local/end")
    ResponseEntity<byte[]> endDeveloping(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        JsonInput in = new FormBody(request).putNull(DEVELOPMENT).input();
        KeyPatch patch = KeyPatchInput.read(in, new RestrictionsInput(), Optional.empty(), caller.at());
        in.finish();
        credentials.update(caller, id, patch, version -> {});
        return Pages.go(address(key) + "?done=local-ended");
    }

    private static String address(Key key) {
        return KeyTab.address(key.id().value()) + "/restrictions";
    }
}
