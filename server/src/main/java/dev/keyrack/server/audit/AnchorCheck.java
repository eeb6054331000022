package dev.keyrack.server.audit;

import dev.keyrack.server.audit.Finding.Fault;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.AuditSigner;
import dev.keyrack.server.store.Tx;
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
    void hold(Tx tx, String place, AnchorLines lines) {
        String previous = null;
        long number = 0;
        for (String line = lines.next(); line != null; line = lines.next()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            Anchor anchor = Anchor.parse(line).orElse(null);
            if (anchor == null) {
                findings.anchor("Line " + number + " of " + place + " is no anchor, or was changed.");
            } else if (!anchor.key().equals(signer.publicKey())) {
                findings.anchor("Line " + number + " of " + place + " was signed under another keyset.");
            } else if (!anchor.signedBy(signer)) {
                findings.anchor("Line " + number + " of " + place + " was changed: its signature does not fit.");
            } else {
                if (anchor.previous() != null && !anchor.previous().equals(previous)) {
                    findings.anchor("Before line " + number + " of " + place + ", lines are missing.");
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
        String when = "when it was anchored at " + anchor.at() + ", the trail had " + anchor.count() + " events";
        if (mac == null && last < anchor.count()) {
            findings.event(
                    organization,
                    last + 1,
                    null,
                    Fault.CUT_OFF,
                    last == 0
                            ? "and the whole trail were cut off: " + when
                            : "was cut off, with all that followed: " + when);
        } else if (mac == null) {
            findings.event(organization, anchor.count(), null, Fault.MISSING, "is missing: " + when);
        } else {
            findings.event(
                    organization,
                    before(anchor) + 1,
                    Times.micros(anchor.at()),
                    Fault.REPLACED,
                    "or one of those after it, up to number " + anchor.count()
                            + ", is not the one that was anchored at " + anchor.at()
                            + ": an older copy of the database was restored, or the trail was written anew");
        }
    }

    private long before(Anchor anchor) {
        long known = reached.getOrDefault(anchor.organizationId(), 0L);
        return known < anchor.count() ? known : 0;
    }
}
