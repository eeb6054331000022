package dev.keyrack.server.projects;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.ListLinks;
import dev.keyrack.server.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The way to conversations: those of the only project, or a choice of projects. */
@RestController
public final class ConversationsPage {
    private final Pages pages;
    private final Projects projects;

    public ConversationsPage(Pages pages, Projects projects) {
        this.pages = pages;
        this.projects = projects;
    }

    @GetMapping("/conversations")
    ResponseEntity<byte[]> choose(Caller caller, HttpServletRequest request) {
        caller.only(Right.SEE_TRANSCRIPTS);
        ListQuery query = ProjectsApi.LIST.readForPage(request);
        Page<Project> found = projects.list(caller, query);
        ListLinks links = new ListLinks(request, query, List.of("search"));
        if (found.items().size() == 1 && links.first() && !links.filtered()) {
            return Pages.go("/projects/" + found.items().getFirst().id() + "/conversations");
        }
        return pages.show(
                request,
                "projects/conversations",
                new ProjectsPage.Listed(found.items(), Form.of(request), links, found.next()));
    }
}
