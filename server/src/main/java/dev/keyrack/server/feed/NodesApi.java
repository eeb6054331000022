package dev.keyrack.server.feed;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Times;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The nodes over HTTP, for the operator: newest registration first. */
@RestController
@RequestMapping(path = "/api/v1/nodes", produces = MediaType.APPLICATION_JSON_VALUE)
public final class NodesApi {
    private static final ListQuery.Rules LIST = new ListQuery.Rules(List.of("-registeredAt"), 1);

    private final Nodes nodes;

    public NodesApi(Nodes nodes) {
        this.nodes = nodes;
    }

    record LagBody(long entries, double seconds) {}

    record NodeBody(
            String id,
            String name,
            String kind,
            String version,
            @Nullable String organizationId,
            String state,
            long applied,
            LagBody lag,
            double leaseLeftSeconds,
            String registeredAt,
            @Nullable String reportedAt,
            @Nullable String endedAt) {
        static NodeBody of(Nodes.Listed listed) {
            NodeRow node = listed.node();
            return new NodeBody(
                    node.registration(),
                    node.name(),
                    node.kind(),
                    node.version(),
                    node.organizationId(),
                    Nodes.state(node, listed.at()),
                    node.applied(),
                    new LagBody(listed.lag(), listed.lagMicros() / 1e6),
                    node.leaseLeft(listed.at()) / 1e6,
                    Times.text(node.registeredAt()),
                    Times.textOrNull(node.reportedAt()),
                    Times.textOrNull(node.endedAt()));
        }
    }

    @GetMapping
    Page<NodeBody> list(Caller caller, HttpServletRequest request) {
        return nodes.list(caller, LIST.read(request)).map(NodeBody::of);
    }
}
