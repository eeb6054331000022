package dev.keyrack.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.audit.Finding.Fault;
import dev.keyrack.server.texts.Texts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: whoever can write the database but has not the keyset changes nothing in the audit trail unnoticed. */
@Tag("engines")
class VerificationTest {
    private static final int EVENTS = 6;

    @TempDir
    Path path;

    @TempDir
    Path elsewhere;

    private TestingTrail trail;

    @BeforeEach
    void open() {
        trail = new TestingTrail(path);
        trail.events("a", EVENTS);
        trail.events("b", EVENTS);
        assertThat(trail.verify().whole()).isTrue();
    }

    @AfterEach
    void close() {
        trail.close();
    }

    private void assertFound(String organization, long number, Fault fault) {
        assertFound(trail.verify(), organization, number, fault);
    }

    private static void assertFound(Verification.Report report, String organization, long number, Fault fault) {
        assertThat(report.findings())
                .extracting(Finding::organizationId, Finding::number, Finding::fault)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(organization, number, fault));
    }

    private void cutOff(String organization, int last, boolean withHead) {
        trail.byHand("DELETE FROM audit_events WHERE organization_id = '" + organization + "' AND seq > " + last);
        if (withHead) {
            trail.byHand("UPDATE audit_heads SET seq = " + last + ", mac = (SELECT mac FROM audit_events WHERE"
                    + " organization_id = '" + organization + "' AND seq = " + last + ") WHERE organization_id = '"
                    + organization + "'");
        }
    }

    @Test
    void trailThatNobodyTouchedIsWhole() {
        trail.anchors().write();
        Verification.Report report = trail.verify(trail.exported());
        assertThat(report).isEqualTo(new Verification.Report(2, 2 * EVENTS, 4, List.of(), 0));
    }

    @Test
    void everyChangeOfASingleColumnOfAnyEventIsFound() throws Exception {
        List<String> columns = trail.columns("audit_events");
        assertThat(columns).hasSize(15).contains("organization_id", "seq", "mac");
        for (String column : columns) {
            for (int seq = 1; seq <= EVENTS; seq++) {
                for (String value : values(column)) {
                    trail.byHand(
                            "CREATE TABLE kept AS SELECT * FROM audit_events",
                            "UPDATE audit_events SET " + column + " = " + value
                                    + " WHERE organization_id = 'a' AND seq = " + seq);
                    Verification.Report report = trail.verify();
                    assertThat(report.findings())
                            .as(column + " of event " + seq + " became " + value)
                            .isNotEmpty();
                    Finding first = report.findings().getFirst();
                    assertThat(first.organizationId()).isEqualTo("a");
                    assertThat(first.number()).as(column + " of event " + seq).isLessThanOrEqualTo(seq);
                    trail.byHand(
                            "DELETE FROM audit_events",
                            "INSERT INTO audit_events SELECT * FROM kept",
                            "DROP TABLE kept");
                }
            }
        }
        assertThat(trail.verify().whole()).isTrue();
    }

    /** Something else than what stands there, and nothing where something stood, or the other way round. */
    private static List<String> values(String column) {
        return switch (column) {
            case "organization_id" -> List.of("'c'");
            case "seq" -> List.of("seq + 1000", "-seq", "0");
            case "at" -> List.of("at + 1");
            case "target_name", "before_state", "after_state", "address" ->
                List.of(
                        "CASE WHEN " + column + " IS NULL THEN '' ELSE NULL END",
                        "COALESCE(" + column + ", '') || 'x'");
            default -> List.of(column + " || ' '", "''");
        };
    }

    @Test
    void textThatMovesFromOneColumnIntoTheNextIsFound() {
        trail.byHand("UPDATE audit_events SET target_kind = 'ke', target_id = 'y' || target_id"
                + " WHERE organization_id = 'a' AND seq = 3");
        assertFound("a", 3, Fault.CHANGED);
    }

    @Test
    void deletedEventInTheMiddleIsNamed() {
        trail.byHand("DELETE FROM audit_events WHERE organization_id = 'a' AND seq = 3");
        assertFound("a", 3, Fault.MISSING);
        trail.byHand("UPDATE audit_events SET seq = seq - 1 WHERE organization_id = 'a' AND seq = 4");
        assertFound("a", 3, Fault.CHANGED);
    }

    @Test
    void deletedEventWhoseGapIsClosedIsFound() {
        trail.byHand("DELETE FROM audit_events WHERE organization_id = 'a' AND seq = 3");
        for (int seq = 4; seq <= EVENTS; seq++) {
            trail.byHand(
                    "UPDATE audit_events SET seq = " + (seq - 1) + " WHERE organization_id = 'a' AND seq = " + seq);
        }
        trail.byHand("UPDATE audit_heads SET seq = seq - 1 WHERE organization_id = 'a'");
        assertFound("a", 3, Fault.CHANGED);
    }

    @Test
    void swappedEventsAreFoundAsReordered() {
        trail.byHand(
                "UPDATE audit_events SET seq = 100 WHERE organization_id = 'a' AND seq = 2",
                "UPDATE audit_events SET seq = 2 WHERE organization_id = 'a' AND seq = 5",
                "UPDATE audit_events SET seq = 5 WHERE organization_id = 'a' AND seq = 100");
        assertFound("a", 2, Fault.REORDERED);
        assertThat(Texts.english().text(trail.verify().findings().getFirst().says()))
                .contains("number 5");
    }

    @Test
    void insertedEventIsFoundInTheMiddleAndAtTheEnd() {
        String copy =
                "INSERT INTO audit_events SELECT organization_id, %d, at, actor_kind, actor_id, actor_name, action,"
                        + " target_kind, 'forged', target_name, before_state, after_state, address, request_id, mac"
                        + " FROM audit_events WHERE organization_id = 'a' AND seq = 1";
        trail.byHand(copy.formatted(EVENTS + 1));
        assertFound("a", EVENTS + 1, Fault.CHANGED);
        trail.byHand("UPDATE audit_heads SET seq = seq + 1 WHERE organization_id = 'a'");
        assertFound("a", EVENTS + 1, Fault.CHANGED);
        trail.byHand("DELETE FROM audit_events WHERE organization_id = 'a' AND seq > " + EVENTS);
        for (int seq = EVENTS; seq >= 3; seq--) {
            trail.byHand(
                    "UPDATE audit_events SET seq = " + (seq + 1) + " WHERE organization_id = 'a' AND seq = " + seq);
        }
        trail.byHand(copy.formatted(3));
        assertFound("a", 3, Fault.REORDERED);
    }

    @Test
    void eventsOfAnotherOrganizationDoNotFit() {
        trail.byHand(
                "DELETE FROM audit_events WHERE organization_id = 'a'",
                "UPDATE audit_events SET organization_id = 'a' WHERE organization_id = 'b'",
                "UPDATE audit_heads SET organization_id = 'x' WHERE organization_id = 'a'",
                "UPDATE audit_heads SET organization_id = 'a' WHERE organization_id = 'b'",
                "DELETE FROM audit_heads WHERE organization_id = 'x'");
        assertFound("a", 1, Fault.CHANGED);
    }

    @Test
    void cutOffTailIsFoundByItsHead() {
        cutOff("a", 4, false);
        assertFound("a", 5, Fault.CUT_OFF);
    }

    @Test
    void cutOffTailWithItsHeadSetBackIsFoundByTheAnchor() {
        trail.anchors().write();
        cutOff("a", 4, true);
        assertFound("a", 5, Fault.CUT_OFF);
        assertThat(Texts.english().text(trail.verify().findings().getFirst().says()))
                .contains("had " + EVENTS + " events");
    }

    @Test
    void withoutAnAnchorACutOffTailWithItsHeadSetBackIsNotFoundAsIsDocumented() throws Exception {
        String exported = trail.exported();
        cutOff("a", 4, true);
        Verification.Report report = trail.verify();
        assertThat(report.whole()).isTrue();
        assertThat(report.anchors()).isZero();
        assertFound(trail.verify(exported), "a", 5, Fault.CUT_OFF);
    }

    @Test
    void eventsThatWereCutOffAndWrittenAnewAreFoundByTheAnchor() {
        trail.anchors().write();
        trail.events("a", 2);
        trail.anchors().write();
        cutOff("a", EVENTS + 1, true);
        trail.events("a", 5);
        assertFound("a", EVENTS + 1, Fault.REPLACED);
    }

    @Test
    void headThatWasTouchedIsFound() {
        trail.byHand("UPDATE audit_heads SET mac = 'x' WHERE organization_id = 'a'");
        assertFound("a", EVENTS, Fault.HEAD);
        trail.byHand("UPDATE audit_heads SET seq = 3 WHERE organization_id = 'a'");
        assertFound("a", 4, Fault.HEAD);
        trail.byHand("DELETE FROM audit_heads WHERE organization_id = 'a'");
        assertFound("a", EVENTS, Fault.HEAD);
    }

    @Test
    void wholeOrganizationThatWasRemovedIsFoundByTheAnchor() {
        trail.anchors().write();
        trail.byHand(
                "DELETE FROM audit_events WHERE organization_id = 'a'",
                "DELETE FROM audit_heads WHERE organization_id = 'a'");
        assertFound("a", 1, Fault.CUT_OFF);
        trail.byHand("DELETE FROM audit_events", "DELETE FROM audit_heads");
        assertThat(trail.verify().findings())
                .extracting(Finding::organizationId)
                .containsExactly("a", "b");
    }

    @Test
    void databaseThatWasRolledBackIsFoundEvenWhenItGoesOn() {
        trail.anchors().write();
        TestingTrail.Backup backup = trail.backup();
        trail.events("a", 3);
        trail.anchors().write();
        trail.restart(backup::restore);
        assertFound("a", EVENTS + 1, Fault.CUT_OFF);
        trail.events("a", 4);
        assertFound("a", EVENTS + 1, Fault.REPLACED);
        trail.anchors().write();
        assertFound("a", EVENTS + 1, Fault.REPLACED);
    }

    /** Both were written by Keyrack under the same number, after the same event; what followed was not. */
    @Test
    void eventOfAnotherHistoryDoesNotFitWhatFollows() {
        TestingTrail.Backup before = trail.backup();
        trail.events("a", 1);
        TestingTrail.Backup other = trail.backup();
        trail.restart(before::restore);
        trail.events("a", 2);
        assertThat(trail.verify().whole()).isTrue();
        trail.byHand("DELETE FROM audit_events WHERE organization_id = 'a' AND seq = " + (EVENTS + 1));
        trail.insertEvents(
                other,
                event -> event.get("organization_id").equals("a")
                        && ((Number) event.get("seq")).intValue() == EVENTS + 1);
        assertFound("a", EVENTS + 2, Fault.CHANGED);
    }

    @Test
    void trailAndAnchorsOfAnotherKeysetDoNotFit() {
        trail.anchors().write();
        try (TestingTrail other = new TestingTrail(elsewhere)) {
            other.events("a", EVENTS);
            assertThat(other.verify(trail.exported()).findings())
                    .extracting(Finding::fault, finding -> Texts.english().text(finding.says()))
                    .allSatisfy(finding -> assertThat(finding.toString()).contains("ANCHOR", "another keyset"))
                    .hasSize(2);
            trail.byHand("DELETE FROM audit_events WHERE organization_id = 'a'");
            trail.insertEvents(other.backup(), event -> true);
        }
        assertFound("a", 1, Fault.CHANGED);
    }

    @Test
    void anchorsFileThatWasEditedIsFound() throws Exception {
        trail.anchors().write();
        trail.events("a", 1);
        trail.anchors().write();
        trail.events("a", 1);
        trail.anchors().write();
        List<String> lines = Files.readAllLines(trail.anchorFile());
        assertThat(lines).hasSize(4);
        for (String field : List.of("at", "organizationId", "count", "mac", "previous", "key", "signature")) {
            List<String> edited = new ArrayList<>(lines);
            edited.set(
                    2,
                    Pattern.compile("(\"" + field + "\":\"?)([^,}])")
                            .matcher(lines.get(2))
                            .replaceFirst(
                                    found -> found.group(1) + (found.group(2).equals("9") ? "8" : "9")));
            assertThat(edited.get(2)).isNotEqualTo(lines.get(2));
            assertAnchorFault(edited, "ine 3");
        }
        assertAnchorFault(List.of(lines.get(0), lines.get(2), lines.get(3)), "Before line 2");
        assertAnchorFault(lines.subList(1, 4), "Before line 1");
        assertAnchorFault(List.of(lines.get(0), "nonsense", lines.get(1)), "Line 2");
        Files.write(trail.anchorFile(), lines);
        assertThat(trail.verify().whole()).isTrue();
    }

    private void assertAnchorFault(List<String> lines, String told) throws Exception {
        Files.write(trail.anchorFile(), lines);
        List<Finding> findings = trail.verify().findings();
        assertThat(findings).extracting(Finding::fault).isNotEmpty().containsOnly(Fault.ANCHOR);
        assertThat(Texts.english().text(findings.getFirst().says())).contains(told);
    }

    @Test
    void concurrentChangesOfOneOrganizationFormOneChain() throws Exception {
        try (ExecutorService writers = Executors.newFixedThreadPool(8)) {
            Callable<String> write = () -> {
                trail.events("c", 25);
                return "";
            };
            for (Future<String> writer : writers.invokeAll(java.util.Collections.nCopies(8, write))) {
                writer.get();
            }
        }
        Verification.Report report = trail.verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.events()).isEqualTo(200 + 2 * EVENTS);
    }

    @Test
    void trailThatGrowsAndIsAnchoredMeanwhileIsWhole() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
            Future<?> writing = writer.submit(() -> {
                while (!ended.get()) {
                    trail.events("a", 1);
                    trail.anchors().write();
                }
            });
            try {
                for (int i = 0; i < 20; i++) {
                    assertThat(trail.verify().findings()).isEmpty();
                }
            } finally {
                ended.set(true);
            }
            writing.get();
        }
    }
}
