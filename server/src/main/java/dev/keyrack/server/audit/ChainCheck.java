package dev.keyrack.server.audit;

import dev.keyrack.server.audit.Finding.Fault;
import dev.keyrack.server.store.AuditChain;
import dev.keyrack.server.store.AuditRow;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Sentence;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Walks the trails from their first event to their head, one event in memory at a time, and tells the first of each that
 * is not as it was written.
 */
final class ChainCheck {
    private final AuditChain chain;
    private final Findings findings;
    private final ChainSql sql = new ChainSql();
    private long events;

    ChainCheck(AuditChain chain, Findings findings) {
        this.chain = chain;
        this.findings = findings;
    }

    long events() {
        return events;
    }

    void walk(Tx tx, String organization) {
        Walk walk = new Walk();
        sql.walk(tx, organization, walk);
        events += walk.events;
        ChainSql.Link bad = walk.bad;
        if (bad == null) {
            end(tx, organization, walk.next - 1, walk.previous);
        } else if (bad.event().seq() == walk.next) {
            notAsWritten(tx, organization, walk.previous, bad);
        } else {
            otherNumber(organization, walk.next, bad.event());
        }
    }

    /** Goes from event to event up to the first that does not follow the one before. */
    private final class Walk implements Predicate<ChainSql.Link> {
        private String previous = AuditChain.BEGINNING;
        private long next = 1;
        private long events;
        private ChainSql.@Nullable Link bad;

        @Override
        public boolean test(ChainSql.Link link) {
            events++;
            if (link.event().seq() != next || !chain.mac(previous, link.event()).equals(link.mac())) {
                bad = link;
                return false;
            }
            previous = link.mac();
            next++;
            return true;
        }
    }

    private void otherNumber(String organization, long expected, AuditRow found) {
        if (found.seq() > expected) {
            findings.event(organization, expected, null, Fault.MISSING, Sentence.of("finding.missing", found.seq()));
        } else {
            findings.event(organization, found.seq(), found.at(), Fault.CHANGED, Sentence.of("finding.before-first"));
        }
    }

    /** Looks for the event that belongs in its place, to tell one that was moved from one that was changed. */
    private void notAsWritten(Tx tx, String organization, String previous, ChainSql.Link bad) {
        long number = bad.event().seq();
        AtomicLong elsewhere = new AtomicLong();
        sql.walk(tx, organization, link -> {
            String fitting = chain.mac(previous, link.event().numbered(number));
            if (link.event().seq() != number && (fitting.equals(link.mac()) || fitting.equals(bad.mac()))) {
                elsewhere.set(link.event().seq());
            }
            return elsewhere.get() == 0;
        });
        boolean moved = elsewhere.get() != 0;
        findings.event(
                organization,
                number,
                bad.event().at(),
                moved ? Fault.REORDERED : Fault.CHANGED,
                moved ? Sentence.of("finding.moved", elsewhere.get()) : Sentence.of("finding.changed"));
    }

    private void end(Tx tx, String organization, long last, String mac) {
        ChainSql.Head head = sql.head(tx, organization).orElse(null);
        if (head == null) {
            findings.event(organization, last, null, Fault.HEAD, Sentence.of("finding.no-head"));
        } else if (head.seq() > last) {
            findings.event(organization, last + 1, null, Fault.CUT_OFF, Sentence.of("finding.cut-off", head.seq()));
        } else if (head.seq() < last) {
            findings.event(
                    organization, head.seq() + 1, null, Fault.HEAD, Sentence.of("finding.after-head", head.seq()));
        } else if (!head.mac().equals(mac)) {
            findings.event(organization, last, null, Fault.HEAD, Sentence.of("finding.other-head"));
        }
    }
}
