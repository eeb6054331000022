package dev.keyrack.server.feed;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.portal.ListLinks;
import dev.keyrack.server.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Operator: which nodes verify, how far each is behind, and how long its lease lasts. */
@RestController
@RequestMapping("/operator/nodes")
public final class NodesPage {
    private static final ListQuery.Rules LIST = new ListQuery.Rules(List.of("-registeredAt"), 1);

    private final Pages pages;
    private final Nodes nodes;

    public NodesPage(Pages pages, Nodes nodes) {
        this.pages = pages;
        this.nodes = nodes;
    }

    /**
     * @param lagSeconds how old the oldest entry is that it has not applied
     * @param leaseLeftSeconds zero or less when it has none
     */
    public record Row(
            String id,
            String name,
            String kind,
            String version,
            String state,
            long applied,
            long lag,
            double lagSeconds,
            double leaseLeftSeconds,
            long registeredAt,
            @Nullable Long reportedAt,
            @Nullable Long endedAt) {
        static Row of(Nodes.Listed listed) {
            NodeRow node = listed.node();
            return new Row(
                    node.registration(),
                    node.name(),
                    node.kind(),
                    node.version(),
                    Nodes.state(node, listed.at()),
                    node.applied(),
                    listed.lag(),
                    listed.lagMicros() / 1e6,
                    node.leaseLeft(listed.at()) / 1e6,
                    node.registeredAt(),
                    node.reportedAt(),
                    node.endedAt());
        }
    }

    public record Model(List<Row> nodes, @Nullable String next, ListLinks links) {}

    @GetMapping
    ResponseEntity<byte[]> list(Caller caller, HttpServletRequest request) {
        ListQuery query = LIST.readForPage(request);
        Page<Row> page = nodes.list(caller, query).map(Row::of);
        return pages.show(
                request, "feed/nodes", new Model(page.items(), page.next(), new ListLinks(request, query, List.of())));
    }
}
