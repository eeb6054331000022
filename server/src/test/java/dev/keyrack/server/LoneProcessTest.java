package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Promise: on the embedded store, which one process has, nobody waits for a node and nothing needs a lease. */
class LoneProcessTest {
    @Test
    void processThatHoldsTheStoreAloneIsNoNodeAndNeedsNoLease() {
        try (TestingServer server = TestingServer.start()) {
            assertThat(server.owner.get("/api/v1/nodes").items("/id")).isEmpty();
            assertThat(server.owner.delete(server.make("web").path()).at("/confirmation/confirmedBy/0"))
                    .startsWith("serve@");
            assertThat(server.nobody.get("/metrics").text())
                    .contains("keyrack_lease_left_seconds +Inf")
                    .contains("keyrack_nodes 0.0");
        }
    }
}
