package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Reach;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.ListLinks;
import dev.keyrack.server.portal.LocalAddress;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Settings &gt; API Keys: the list. What is filtered and sorted stands in the address. */
@RestController
@RequestMapping(KeysPage.ADDRESS)
public final class KeysPage {
    static final String ADDRESS = "/settings/api-keys";

    private static final List<String> FILTERS = List.of("search", "projectId", "type", "state", "owner");

    private final Pages pages;
    private final Credentials credentials;
    private final Projects projects;
    private final ProjectChoice choice;

    public KeysPage(Pages pages, Credentials credentials, Projects projects) {
        this.pages = pages;
        this.credentials = credentials;
        this.projects = projects;
        this.choice = new ProjectChoice(projects);
    }

    /**
     * @param everybody whether the reader sees more keys than their own
     * @param problem why the project that was typed is none; nothing where nothing is wrong
     * @param next the cursor of the next page; nothing on the last one
     */
    public record Model(
            List<KeyRow> rows,
            Form filter,
            boolean everybody,
            ListLinks links,
            ProjectChoice.Offer projects,
            @Nullable Sentence problem,
            @Nullable String next) {}

    @GetMapping
    ResponseEntity<byte[]> list(Caller caller, HttpServletRequest request) {
        ListQuery asked = CredentialsApi.LIST.readForPage(request);
        String typed = asked.one("projectId").orElse("");
        ProjectChoice.Found project =
                typed.isEmpty() ? new ProjectChoice.Found(null, null) : choice.find(caller, typed);
        Page<Key> found = project.problem() == null
                ? credentials.list(caller, filtered(asked, project.id()))
                : new Page<>(List.of(), null);
        Map<String, String> names = projects.names(
                caller, found.items().stream().map(Key::projectId).collect(Collectors.toSet()));
        return pages.show(
                request,
                "credentials/keys",
                new Model(
                        found.items().stream()
                                .map(key -> KeyRow.of(key, names, caller.at()))
                                .toList(),
                        Form.of(request),
                        caller.reach(Right.SEE_KEYS) == Reach.ALL,
                        new ListLinks(request, asked, FILTERS),
                        choice.offer(caller),
                        project.problem(),
                        found.next()));
    }

    /** The list that somebody came from, filtered and sorted as it was there. */
    static String list(HttpServletRequest request) {
        String list = LocalAddress.of(request.getParameter("list"), ADDRESS);
        return list.equals(ADDRESS) || list.startsWith(ADDRESS + "?") ? list : ADDRESS;
    }

    /** How such a list is filtered and sorted, as the fields of a form that leads to it. */
    static Map<String, String> fields(String list) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field :
                list.substring(ADDRESS.length()).replaceFirst("\\?", "").split("&", -1)) {
            String[] parts = field.split("=", 2);
            if (parts.length == 2 && (FILTERS.contains(parts[0]) || parts[0].equals("sort"))) {
                fields.put(parts[0], decoded(parts[1]));
            }
        }
        return fields;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Revoked keys are listed for whoever asks for them. */
    private static ListQuery filtered(ListQuery asked, @Nullable String project) {
        Map<String, List<String>> filters = new LinkedHashMap<>(asked.filters());
        filters.putIfAbsent("state", ShownState.UNREVOKED);
        if (project != null) {
            filters.put("projectId", List.of(project));
        }
        return new ListQuery(asked.limit(), asked.after(), asked.sort(), asked.search(), filters);
    }
}
