package dev.keyrack.server.audit;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.texts.Texts;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether the audit trail is as it was written, and what to keep elsewhere so that it can be told. */
@RestController
@RequestMapping(path = "/api/v1/audit", produces = MediaType.APPLICATION_JSON_VALUE)
public final class ChainApi {
    private static final ListQuery.Rules ANCHORS = new ListQuery.Rules(List.of("organizationId"), 1);

    private final Anchors anchors;
    private final Verification verification;

    public ChainApi(Anchors anchors, Verification verification) {
        this.anchors = anchors;
        this.verification = verification;
    }

    record FindingBody(
            @Nullable String organizationId,
            @Nullable Long number,
            @Nullable String at,
            String fault,
            String detail) {
        static FindingBody of(Finding finding) {
            return new FindingBody(
                    finding.organizationId(),
                    finding.number(),
                    Times.textOrNull(finding.at()),
                    finding.fault().text(),
                    Texts.english().text(finding.says()));
        }
    }

    record ReportBody(
            boolean whole, long organizations, long events, long anchors, List<FindingBody> findings, long more) {
        static ReportBody of(Verification.Report report) {
            return new ReportBody(
                    report.whole(),
                    report.organizations(),
                    report.events(),
                    report.anchors(),
                    report.findings().stream().map(FindingBody::of).toList(),
                    report.more());
        }
    }

    /** The operator's are all of them, everybody else's their own. */
    @GetMapping("/anchors")
    Page<Anchor> anchors(Caller caller, HttpServletRequest request) {
        caller.require(Right.MANAGE);
        ListQuery query = ANCHORS.read(request);
        Cursor after = query.after();
        Optional<String> only = caller.operator()
                ? Optional.empty()
                : Optional.of(caller.requireOrganization().id());
        return Page.of(
                anchors.sign(after == null ? "" : after.values().getFirst(), only, query.limit() + 1),
                query,
                anchor -> new Cursor(query.sort(), List.of(anchor.organizationId())));
    }

    /** The body may be of any length: it is read line by line. */
    @PostMapping("/verify")
    ReportBody verify(Caller caller, HttpServletRequest request) throws IOException {
        caller.requireOperator();
        return ReportBody.of(verification.run(request.getInputStream()));
    }
}
