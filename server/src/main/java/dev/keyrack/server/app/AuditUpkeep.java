package dev.keyrack.server.app;

import dev.keyrack.server.accounts.DeniedCalls;
import dev.keyrack.server.audit.Anchors;
import dev.keyrack.server.store.StoreFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is written for the audit trail every minute, and once more at a clean stop, when no call can change anything
 * any more: what was denied meanwhile, and how far the trail reaches then.
 */
final class AuditUpkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditUpkeep.class);

    private final DeniedCalls denied;
    private final Anchors anchors;
    private volatile boolean begun;

    AuditUpkeep(DeniedCalls denied, Anchors anchors) {
        this.denied = denied;
        this.anchors = anchors;
    }

    DeniedCalls denied() {
        return denied;
    }

    Anchors anchors() {
        return anchors;
    }

    /** From now on a stop is a clean one: what did not come to run leaves everything as it was. */
    void begin() {
        begun = true;
    }

    /** A run that fails is told and left to the next one. */
    void run() {
        try {
            denied.write();
            anchors.write();
        } catch (StoreFailure e) {
            LOG.warn("the audit trail could not be anchored: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("keeping the audit trail failed", e);
        }
    }

    @Override
    public void close() {
        if (begun) {
            run();
        }
    }
}
