package dev.keyrack.server.audit;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.ListLinks;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.store.AuditAction;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Audit: who did what and when, to be filtered, exported and verified. */
@RestController
@RequestMapping("/audit")
public final class AuditPage {
    private static final ListQuery.Rules LIST = AuditTrail.filtered();
    private static final List<String> FILTERS =
            List.of("action", "actor", "target", "since", "sinceAt", "until", "untilAt");

    private final Pages pages;
    private final AuditTrail trail;
    private final Verification verification;

    public AuditPage(Pages pages, AuditTrail trail, Verification verification) {
        this.pages = pages;
        this.trail = trail;
        this.verification = verification;
    }

    /**
     * @param filters what was chosen in the form
     * @param query the filters as a query that begins with {@code &}, for the exports
     */
    public record Model(
            List<EventBody> events,
            @Nullable String next,
            Form filters,
            ListLinks links,
            String query,
            List<String> actions) {}

    @GetMapping
    ResponseEntity<byte[]> list(Caller caller, HttpServletRequest request) {
        caller.require(Right.MANAGE);
        ListQuery asked = LIST.readForPage(dated(request));
        Page<EventBody> page = trail.page(caller.requireOrganization().id(), asked);
        return pages.show(
                request,
                "audit/list",
                new Model(
                        page.items(),
                        page.next(),
                        Form.of(request),
                        new ListLinks(request, asked, FILTERS),
                        Pages.query(request, FILTERS),
                        Arrays.stream(AuditAction.values())
                                .map(AuditAction::text)
                                .sorted()
                                .toList()));
    }

    /** Every event that the filters let through, newest first, as it is read from the store. */
    @GetMapping("/export")
    void export(Caller caller, HttpServletRequest request, HttpServletResponse response) throws IOException {
        caller.require(Right.MANAGE);
        ListQuery first = LIST.readForPage(dated(request));
        AuditExport format = AuditExport.of(
                Optional.ofNullable(request.getParameter("format")).orElse("jsonl"));
        String name = "audit-" + caller.requireOrganization().subdomain() + "-"
                + Times.text(caller.at()).substring(0, 10);
        response.setContentType(format.mediaType());
        response.setHeader("Content-Disposition", "attachment; filename=\"" + name + "." + format.ending() + "\"");
        try (var out = response.getWriter()) {
            format.begin(out);
            trail.forEach(caller.requireOrganization().id(), first, event -> format.write(out, event));
        }
    }

    public record Checked(boolean whole, long events, List<Finding> findings, long more) {}

    @PostMapping("/verify")
    ResponseEntity<byte[]> verify(Caller caller, HttpServletRequest request) {
        caller.require(Right.MANAGE);
        Verification.Report report =
                verification.of(caller.requireOrganization().id());
        return pages.show(
                request,
                "audit/verified",
                new Checked(report.whole(), report.events(), report.findings(), report.more()));
    }

    /**
     * The request, with days as the times at which they begin; {@code until} is the end of its day. In UTC, unless a script
     * has told when that is where the reader is.
     */
    private static HttpServletRequest dated(HttpServletRequest request) {
        Map<String, String[]> parameters = new HashMap<>(request.getParameterMap());
        day(parameters, "since", "T00:00:00", "Z");
        day(parameters, "until", "T23:59:59", ".999999Z");
        return new HttpServletRequestWrapper(request) {
            @Override
            public Map<String, String[]> getParameterMap() {
                return parameters;
            }
        };
    }

    private static void day(Map<String, String[]> parameters, String name, String time, String rest) {
        String[] given = parameters.get(name);
        if (given == null || given.length != 1 || !given[0].matches("\\d{4}-\\d{2}-\\d{2}")) {
            return;
        }
        String[] there = parameters.getOrDefault(name + "At", new String[0]);
        boolean told = there.length == 1 && there[0].matches("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}");
        parameters.put(name, new String[] {(told ? there[0] : given[0] + time) + rest});
    }
}
