package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.PortalSessions;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the list of API keys does with one of them, or with many at once. */
@RestController
@RequestMapping(KeysPage.ADDRESS)
public final class KeyActsPage {
    /** As many as a page of the list can hold. */
    private static final int MOST = 200;

    private final Pages pages;
    private final Credentials credentials;
    private final Projects projects;
    private final UseOfKeys use;

    public KeyActsPage(Pages pages, Credentials credentials, Projects projects, UseOfKeys use) {
        this.pages = pages;
        this.credentials = credentials;
        this.projects = projects;
        this.use = use;
    }

    /** A key, the token that was asked for, and the list to go back to. */
    public record Token(KeyRow key, String token, String list) {}

    /** Hands out the token of a publishable key for copying. It is audited, like every other look at it. */
    @PostMapping("/{id}/copy")
    ResponseEntity<byte[]> copy(Caller caller, @PathVariable String id, HttpServletRequest request) {
        credentials.changeable(caller, id);
        PortalSessions.requireRecent(request, KeysPage.ADDRESS);
        String token = credentials.reveal(caller, id).reveal();
        return pages.show(request, "credentials/token", new Token(row(caller, id), token, KeysPage.list(request)));
    }

    private KeyRow row(Caller caller, String id) {
        return row(caller, credentials.get(caller, id));
    }

    private KeyRow row(Caller caller, Key key) {
        return KeyRow.of(key, projects.names(caller, Set.of(key.projectId())), caller.at());
    }

    /**
     * @param use of the key; nothing where it is revoked
     * @param proof of the revocation; nothing before it
     * @param list the list to go back to, filtered and sorted as it was
     */
    public record Revocation(
            KeyRow key,
            UseOfKeys.@Nullable Known use,
            @Nullable Proof proof,
            String list) {}

    @GetMapping("/{id}/revoke")
    ResponseEntity<byte[]> question(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        return pages.show(
                request,
                "credentials/revoke",
                new Revocation(
                        row(caller, key),
                        key.state() == KeyState.REVOKED ? null : use.of(caller, key),
                        null,
                        KeysPage.list(request)));
    }

    /** Answered by the page itself: a reload revokes again, which changes nothing and waits for the proof once more. */
    @PostMapping("/{id}/revoke")
    ResponseEntity<byte[]> revoke(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Credentials.Confirmed<Key> done = credentials.revoke(caller, id, KeyActsPage::anyVersion);
        return pages.show(
                request,
                "credentials/revoke",
                new Revocation(
                        row(caller, done.result()),
                        null,
                        Proof.of(done.confirmation(), caller.at()),
                        KeysPage.list(request)));
    }

    /** @param use nothing where the key is revoked */
    public record Asked(KeyRow key, UseOfKeys.@Nullable Known use) {}

    /** Keys that shall be revoked together, if whoever reads this says yes. */
    public record Question(List<Asked> keys, String list) {}

    /** @param why why nothing was done with this key */
    public record Left(String id, String name, Sentence why) {}

    /**
     * What came of an act on many keys.
     *
     * @param act disable, enable or revoke
     * @param undo the keys that were not disabled before, and can be enabled again
     * @param proof that all that are done are off; nothing where none is
     */
    public record Outcome(
            String act,
            List<KeyRow> done,
            List<Left> left,
            List<String> undo,
            @Nullable Proof proof,
            String list) {}

    @PostMapping("/bulk")
    ResponseEntity<byte[]> bulk(Caller caller, HttpServletRequest request) {
        String[] sent = request.getParameterValues("id");
        List<String> ids = sent == null
                ? List.of()
                : Arrays.stream(sent).distinct().limit(MOST).toList();
        if (ids.isEmpty()) {
            String list = KeysPage.list(request);
            return Pages.go(list + (list.contains("?") ? "&" : "?") + "done=nothing-selected");
        }
        return switch (String.valueOf(request.getParameter("act"))) {
            case "disable" -> outcome(request, caller, "disable", ids);
            case "enable" -> outcome(request, caller, "enable", ids);
            case "revoke-confirmed" -> outcome(request, caller, "revoke", ids);
            case "revoke" ->
                pages.show(
                        request,
                        "credentials/bulk-revoke",
                        new Question(existing(caller, ids), KeysPage.list(request)));
            default -> Pages.go(KeysPage.ADDRESS);
        };
    }

    /** What a page acts on is what it shows, whichever version that was. */
    private static void anyVersion(long version) {}

    /** Those that the reader sees: about others there is nothing to ask. */
    private List<Asked> existing(Caller caller, List<String> ids) {
        return ids.stream()
                .flatMap(id -> found(caller, id).stream())
                .map(key -> new Asked(row(caller, key), key.state() == KeyState.REVOKED ? null : use.of(caller, key)))
                .toList();
    }

    private Optional<Key> found(Caller caller, String id) {
        try {
            return Optional.of(credentials.get(caller, id));
        } catch (ProblemException e) {
            return Optional.empty();
        }
    }

    private ResponseEntity<byte[]> outcome(HttpServletRequest request, Caller caller, String act, List<String> ids) {
        List<KeyRow> done = new ArrayList<>();
        List<Left> left = new ArrayList<>();
        List<String> undo = new ArrayList<>();
        Proof proof = null;
        for (One one : each(caller, act, ids)) {
            Credentials.Confirmed<Key> confirmed = one.confirmed();
            if (confirmed == null) {
                left.add(new Left(
                        one.id(),
                        found(caller, one.id()).map(Key::name).orElse(""),
                        Objects.requireNonNull(one.why())));
                continue;
            }
            done.add(row(caller, confirmed.result()));
            if (act.equals("enable")) {
                continue;
            }
            if (one.undoable()) {
                undo.add(one.id());
            }
            Proof own = Proof.of(confirmed.confirmation(), caller.at());
            proof = proof == null ? own : proof.and(own);
        }
        return pages.show(
                request,
                done.isEmpty() ? HttpStatus.CONFLICT : HttpStatus.OK,
                "credentials/bulk-done",
                new Outcome(act, done, left, undo, proof, KeysPage.list(request)));
    }

    /**
     * @param undoable whether the key was disabled by this, and not before
     * @param why nothing was done; nothing where it was
     */
    private record One(
            String id,
            Credentials.@Nullable Confirmed<Key> confirmed,
            boolean undoable,
            @Nullable Sentence why) {}

    /** All at once, because each waits for every node to confirm it: together they wait no longer than one. */
    private List<One> each(Caller caller, String act, List<String> ids) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<One>> running = ids.stream()
                    .map(id -> threads.submit(() -> one(caller, act, id)))
                    .toList();
            List<One> all = new ArrayList<>();
            for (Future<One> future : running) {
                all.add(future.get());
            }
            return all;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before every node had confirmed", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a key could not be changed", e);
        }
    }

    private One one(Caller caller, String act, String id) {
        AtomicLong before = new AtomicLong();
        try {
            Credentials.Confirmed<Key> confirmed = switch (act) {
                case "revoke" -> credentials.revoke(caller, id, before::set);
                case "enable" -> credentials.enable(caller, id, before::set);
                default -> credentials.disable(caller, id, before::set);
            };
            boolean disabled = act.equals("disable") && confirmed.result().version() != before.get();
            return new One(id, confirmed, disabled, null);
        } catch (ProblemException e) {
            return new One(id, null, false, e.problem().says());
        }
    }
}
