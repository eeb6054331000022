package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Member;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.ListLinks;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.verifier.KeyState;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Settings &gt; Developer settings &gt; API credentials: the organization's server keys by their names. What gives out a
 * token is in {@link CredentialTokensPage}.
 */
@RestController
@RequestMapping(DeveloperCredentialsPage.ADDRESS)
public final class DeveloperCredentialsPage {
    static final String ADDRESS = "/settings/api-credentials";

    private static final ListQuery.Rules LIST =
            new ListQuery.Rules(List.of("-createdAt", "createdAt", "name", "-name"), 3).searchable("name");

    private final Pages pages;
    private final Credentials credentials;
    private final Projects projects;
    private final UseOfKeys use;
    private final Supplier<String> gate;

    /** @param gate the address of the gate, without a slash at its end */
    public DeveloperCredentialsPage(
            Pages pages, Credentials credentials, Projects projects, UseOfKeys use, Supplier<String> gate) {
        this.pages = pages;
        this.credentials = credentials;
        this.projects = projects;
        this.use = use;
        this.gate = gate;
    }

    /**
     * @param disabled whether it is, also where it is expired as well
     * @param changeable whether the reader may rename, refresh and delete it
     * @param diagnosable whether they may disable and enable it
     */
    public record Row(KeyRow key, boolean disabled, boolean changeable, boolean diagnosable) {}

    /** @param next the cursor of the next page; nothing on the last one */
    public record Listed(
            List<Row> rows,
            Form filter,
            ListLinks links,
            @Nullable String next,
            BasicUse use) {}

    @GetMapping
    ResponseEntity<byte[]> list(Caller caller, HttpServletRequest request) {
        ListQuery asked = LIST.readForPage(request);
        Map<String, List<String>> filters = new LinkedHashMap<>();
        filters.put("type", List.of("server"));
        filters.put("state", ShownState.UNREVOKED);
        Page<Key> found = credentials.list(
                caller, new ListQuery(asked.limit(), asked.after(), asked.sort(), asked.search(), filters));
        Map<String, String> names = projects.names(
                caller, found.items().stream().map(Key::projectId).collect(Collectors.toSet()));
        return pages.show(
                request,
                "credentials/developer",
                new Listed(
                        found.items().stream()
                                .map(key -> row(caller, key, names))
                                .toList(),
                        Form.of(request),
                        new ListLinks(request, asked, List.of("search")),
                        found.next(),
                        new BasicUse(caller.requireOrganization().subdomain(), null, gate.get())));
    }

    private static Row row(Caller caller, Key key, Map<String, String> names) {
        return new Row(
                KeyRow.of(key, names, caller.at()),
                key.state() == KeyState.DISABLED,
                may(caller, Right.CHANGE_KEYS, key),
                may(caller, Right.DIAGNOSE_KEYS, key));
    }

    static boolean may(Caller caller, Right right, Key key) {
        Member reader = caller.member();
        return switch (caller.reach(right)) {
            case NONE -> false;
            case ALL -> true;
            case OWN -> reader != null && reader.id().equals(key.ownerId());
        };
    }

    /**
     * @param proof that it is off everywhere; nothing before it is
     * @param use what is known of it; nothing where its token stays, or is gone
     */
    public record One(KeyRow key, Form form, @Nullable Proof proof, UseOfKeys.@Nullable Known use) {}

    private One one(Caller caller, Key key, Form form, @Nullable Proof proof) {
        Map<String, String> names = projects.names(caller, Set.of(key.projectId()));
        return new One(KeyRow.of(key, names, caller.at()), form, proof, null);
    }

    @GetMapping("/{id}/edit")
    ResponseEntity<byte[]> edit(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        return pages.show(
                request, "credentials/developer-edit", one(caller, key, Form.of(Map.of("name", key.name())), null));
    }

    /** The token stays. */
    @PostMapping("/{id}/edit")
    ResponseEntity<byte[]> rename(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        try {
            JsonInput in = new FormBody(request).text("name").input();
            String name = in.name("name", 100);
            in.finish();
            credentials.update(caller, id, renamed(name), version -> {});
            return Pages.go(ADDRESS + "?done=credential-renamed");
        } catch (ProblemException e) {
            return pages.again(
                    request,
                    e.problem(),
                    "credentials/developer-edit",
                    one(caller, key, Form.of(request).with(e), null));
        }
    }

    private static KeyPatch renamed(String name) {
        return new KeyPatch(
                Optional.of(name),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @PostMapping("/{id}/disable")
    ResponseEntity<byte[]> disable(Caller caller, @PathVariable String id, HttpServletRequest request) {
        credentials.disable(caller, id, version -> {});
        return Pages.go(ADDRESS + "?done=credential-disabled");
    }

    @PostMapping("/{id}/enable")
    ResponseEntity<byte[]> enable(Caller caller, @PathVariable String id, HttpServletRequest request) {
        credentials.enable(caller, id, version -> {});
        return Pages.go(ADDRESS + "?done=credential-enabled");
    }

    @GetMapping("/{id}/delete")
    ResponseEntity<byte[]> question(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.changeable(caller, id);
        One asked = one(caller, key, Form.of(Map.of()), null);
        return pages.show(
                request, "credentials/developer-delete", new One(asked.key(), asked.form(), null, use.of(caller, key)));
    }

    /** Answered by the page itself: a reload changes nothing and waits for the proof once more. */
    @PostMapping("/{id}/delete")
    ResponseEntity<byte[]> delete(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Credentials.Confirmed<Key> done = credentials.revoke(caller, id, version -> {});
        return pages.show(
                request,
                "credentials/developer-delete",
                one(caller, done.result(), Form.of(Map.of()), Proof.of(done.confirmation(), caller.at())));
    }
}
