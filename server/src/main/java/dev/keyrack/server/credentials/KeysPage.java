package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Reach;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
     * A column that the list can be sorted by.
     *
     * @param href the list sorted by it, or the other way round where it is already
     * @param sorted the value of aria-sort; nothing where it is sorted by another
     */
    public record Column(String href, @Nullable String sorted) {}

    /**
     * @param everybody whether the reader sees more keys than their own
     * @param sort as it stands in the address; empty for the usual order
     * @param problem why the project that was typed is none; empty where nothing is wrong
     * @param next the address of the next page; nothing on the last one
     */
    public record Model(
            List<KeyRow> rows,
            Form filter,
            boolean filtered,
            boolean everybody,
            String sort,
            Map<String, Column> columns,
            ProjectChoice.Offer projects,
            String problem,
            boolean first,
            String firstPage,
            @Nullable String next) {}

    @GetMapping
    ResponseEntity<byte[]> list(Caller caller, HttpServletRequest request) {
        Map<String, String> set = new LinkedHashMap<>();
        FILTERS.forEach(name -> typed(request, name).ifPresent(value -> set.put(name, value)));
        ListQuery asked = CredentialsApi.LIST.readForPage(request);
        String typed = asked.one("projectId").orElse("");
        ProjectChoice.Found project = typed.isEmpty() ? new ProjectChoice.Found(null, "") : choice.find(caller, typed);
        Page<Key> found = project.problem().isEmpty()
                ? credentials.list(caller, project.id() == null ? asked : in(project.id(), asked))
                : new Page<>(List.of(), null);
        Map<String, String> names = projects.names(
                caller, found.items().stream().map(Key::projectId).collect(Collectors.toSet()));
        String sort = typed(request, "sort").orElse("");
        return pages.show(
                request,
                "credentials/keys",
                new Model(
                        found.items().stream()
                                .map(key -> KeyRow.of(key, names, caller.at()))
                                .toList(),
                        Form.of(request),
                        !set.isEmpty(),
                        caller.reach(Right.SEE_KEYS) == Reach.ALL,
                        sort,
                        columns(set, asked),
                        choice.offer(caller),
                        project.problem(),
                        asked.after() == null,
                        address(set, sort, null),
                        found.next() == null ? null : address(set, sort, found.next())));
    }

    private static ListQuery in(String project, ListQuery asked) {
        Map<String, List<String>> filters = new LinkedHashMap<>(asked.filters());
        filters.put("projectId", List.of(project));
        return new ListQuery(asked.limit(), asked.after(), asked.sort(), asked.search(), filters);
    }

    private static Optional<String> typed(HttpServletRequest request, String name) {
        return Optional.ofNullable(request.getParameter(name)).filter(value -> !value.isBlank());
    }

    private static Map<String, Column> columns(Map<String, String> set, ListQuery asked) {
        Map<String, Column> columns = new LinkedHashMap<>();
        for (String name : List.of("name", "type", "createdAt")) {
            boolean current = asked.sortedBy().equals(name);
            // What is newest is looked for most; names are read from A to Z.
            String first = name.equals("createdAt") ? "-createdAt" : name;
            String other = asked.descending() ? name : "-" + name;
            columns.put(
                    name,
                    new Column(
                            address(set, current ? other : first, null),
                            !current ? null : asked.descending() ? "descending" : "ascending"));
        }
        return columns;
    }

    private static String address(Map<String, String> set, String sort, @Nullable String cursor) {
        Map<String, String> all = new LinkedHashMap<>(set);
        all.put("sort", sort);
        all.put("cursor", Objects.requireNonNullElse(cursor, ""));
        String query = all.entrySet().stream()
                .filter(e -> !e.getValue().isEmpty())
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? ADDRESS : ADDRESS + "?" + query;
    }
}
