package dev.keyrack.server.audit;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.AuditChain;
import dev.keyrack.server.store.AuditSigner;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Sentence;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the audit trail is as it was written.
 *
 * <p>Guarantee: an event that was changed, removed, added or moved by somebody without the keyset is found, and so is the
 * end of a trail that was cut off, as far as an anchor reaches. Memory does not grow with the number of events or anchors.
 */
public final class Verification {
    private final Store store;
    private final AuditChain chain;
    private final AuditSigner signer;
    private final AnchorFile file;

    /** One at a time: each reads all there is. */
    private final AtomicBoolean underWay = new AtomicBoolean();

    public Verification(Store store, AuditChain chain, AuditSigner signer, Anchors anchors) {
        this.store = store;
        this.chain = chain;
        this.signer = signer;
        this.file = anchors.file();
    }

    /** @param more how many findings there are beside these */
    record Report(long organizations, long events, long anchors, List<Finding> findings, long more) {
        boolean whole() {
            return findings.isEmpty();
        }
    }

    /**
     * Walks every trail, and holds it against the anchors of this host and those given.
     *
     * @param given one on a line; none of them signed after this call began
     * @throws ProblemException if another one is under way
     */
    Report run(InputStream given) {
        return run(given, null);
    }

    private Report run(InputStream given, @Nullable List<String> only) {
        if (!underWay.compareAndSet(false, true)) {
            throw new ProblemException(new Problem.Conflict(Sentence.of("problem.verified-already")));
        }
        try (AnchorLines others = new AnchorLines(given, Long.MAX_VALUE)) {
            return run(others, only);
        } catch (IOException | UncheckedIOException e) {
            throw new ProblemException(new Problem.InvalidRequest(Sentence.of("problem.anchors-not-read"), List.of()));
        } finally {
            underWay.set(false);
        }
    }

    /**
     * As {@link #run(InputStream)} with the anchors of this host, for the trail of one organization.
     *
     * @throws ProblemException if another one is under way
     */
    Report of(String organizationId) {
        Report all = run(InputStream.nullInputStream(), List.of(organizationId));
        List<Finding> own = all.findings().stream()
                .filter(finding -> organizationId.equals(finding.organizationId()))
                .toList();
        return new Report(1, all.events(), all.anchors(), own, 0);
    }

    private Report run(AnchorLines others, @Nullable List<String> only) {
        Findings findings = new Findings();
        // Measured before the store is read: what is anchored later may be newer than what is read.
        try (AnchorLines own = file.lines(file.size())) {
            return store.read(tx -> read(tx, findings, own, others, only));
        } catch (IOException e) {
            findings.anchor(Sentence.of(
                    "finding.file-unread", String.valueOf(file.path().getFileName())));
            return store.read(
                    tx -> read(tx, findings, new AnchorLines(InputStream.nullInputStream(), 0), others, only));
        }
    }

    private Report read(Tx tx, Findings findings, AnchorLines own, AnchorLines others, @Nullable List<String> only) {
        ChainCheck trails = new ChainCheck(chain, findings);
        List<String> organizations = only == null ? new ChainSql().organizations(tx) : only;
        organizations.forEach(organization -> trails.walk(tx, organization));
        AnchorCheck anchors = new AnchorCheck(signer, findings);
        anchors.hold(tx, Sentence.of("finding.place", String.valueOf(file.path().getFileName())), own);
        anchors.hold(tx, Sentence.of("finding.anchors-given"), others);
        return new Report(organizations.size(), trails.events(), anchors.anchors(), findings.all(), findings.more());
    }
}
