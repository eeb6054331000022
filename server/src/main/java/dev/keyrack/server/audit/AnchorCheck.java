package dev.keyrack.server.audit;

import dev.keyrack.server.audit.Finding.Fault;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.AuditSigner;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Sentence;
import java.util.HashMap;
import java.util.Map;

/**
 * Holds trails against their anchors, line by line: whether each is as it was signed, and whether the trail still goes
 * through it.
 */
final class AnchorCheck {
    private final AuditSigner signer;
    private final Findings findings;
    private final ChainSql sql = new ChainSql();

    /** The last anchor of each organization that its trail goes through. */
    private final Map<String, Long> reached = new HashMap<>();

    private long anchors;

    AnchorCheck(AuditSigner signer, Findings findings) {
        this.signer = signer;
        this.findings = findings;
    }

    long anchors() {
        return anchors;
    }

    /** @param place what the anchors come from, as it is told to a person */
    void hold(Tx tx, Sentence place, AnchorLines lines) {
        String previous = null;
        long number = 0;
        for (String line = lines.next(); line != null; line = lines.next()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            Anchor anchor = Anchor.parse(line).orElse(null);
            if (anchor == null) {
                findings.anchor(Sentence.of("finding.anchor.none", number, place));
            } else if (!anchor.key().equals(signer.publicKey())) {
                findings.anchor(Sentence.of("finding.anchor.keyset", number, place));
            } else if (!anchor.signedBy(signer)) {
                findings.anchor(Sentence.of("finding.anchor.signature", number, place));
            } else {
                if (anchor.previous() != null && !anchor.previous().equals(previous)) {
                    findings.anchor(Sentence.of("finding.anchor.lines-missing", number, place));
                }
                anchors++;
                hold(tx, anchor);
            }
            previous = anchor == null ? null : anchor.signature();
        }
    }

    private void hold(Tx tx, Anchor anchor) {
        String organization = anchor.organizationId();
        String mac = anchor.count() == 0
                ? ""
                : sql.mac(tx, organization, anchor.count()).orElse(null);
        if (anchor.mac().equals(mac)) {
            reached.merge(organization, anchor.count(), Math::max);
            return;
        }
        if (findings.before(organization, anchor.count())) {
            return;
        }
        long last = sql.last(tx, organization);
        Sentence when = Sentence.of("finding.when", anchor.at(), anchor.count());
        if (mac == null && last < anchor.count()) {
            findings.event(
                    organization,
                    last + 1,
                    null,
                    Fault.CUT_OFF,
                    last == 0
                            ? Sentence.of("finding.all-cut-off-when", when)
                            : Sentence.of("finding.cut-off-when", when));
        } else if (mac == null) {
            findings.event(
                    organization, anchor.count(), null, Fault.MISSING, Sentence.of("finding.missing-when", when));
        } else {
            findings.event(
                    organization,
                    before(anchor) + 1,
                    Times.micros(anchor.at()),
                    Fault.REPLACED,
                    Sentence.of("finding.replaced", anchor.count(), anchor.at()));
        }
    }

    private long before(Anchor anchor) {
        long known = reached.getOrDefault(anchor.organizationId(), 0L);
        return known < anchor.count() ? known : 0;
    }
}
