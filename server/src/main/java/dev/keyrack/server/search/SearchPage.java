package dev.keyrack.server.search;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Member;
import dev.keyrack.server.accounts.Members;
import dev.keyrack.server.accounts.Reach;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.credentials.KeySearch;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Project;
import dev.keyrack.server.projects.Projects;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Quick search: what the reader types at the top of every page. */
@RestController
public final class SearchPage {
    private static final int EACH = 8;
    private static final int LONGEST = 100;

    private final Pages pages;
    private final KeySearch keys;
    private final Projects projects;
    private final Members members;

    public SearchPage(Pages pages, KeySearch keys, Projects projects, Members members) {
        this.pages = pages;
        this.keys = keys;
        this.projects = projects;
        this.members = members;
    }

    /** What was found, so many of each at most. */
    public record Model(String query, List<KeySearch.Found> keys, List<Project> projects, List<Member> members) {
        public int count() {
            return keys.size() + projects.size() + members.size();
        }
    }

    @GetMapping("/search")
    ResponseEntity<byte[]> search(Caller caller, HttpServletRequest request) {
        String typed = Objects.requireNonNullElse(request.getParameter("q"), "").strip();
        String words = typed.substring(0, Math.min(typed.length(), LONGEST)).replace("\0", "");
        if (words.isEmpty()) {
            return pages.show(request, "search/results", new Model("", List.of(), List.of(), List.of()));
        }
        boolean projectsOnly = "projects".equals(request.getParameter("only"));
        return pages.show(
                request,
                "search/results",
                new Model(
                        words,
                        projectsOnly ? List.of() : keys.find(caller, by("name", words)),
                        caller.reach(Right.SEE_PROJECTS) == Reach.NONE
                                ? List.of()
                                : projects.list(caller, by("name", words)).items(),
                        projectsOnly || caller.reach(Right.MANAGE) == Reach.NONE
                                ? List.of()
                                : members.list(caller, by("email", words)).items()));
    }

    private static ListQuery by(String sort, String words) {
        return new ListQuery(EACH, null, sort, words, Map.of());
    }
}
