package dev.keyrack.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Promise: a command that waits names who confirmed, and does not say so of a node that did not. */
class ConfirmationTextTest {
    private static String text(String confirmedBy, String leaseExpired) {
        return ConfirmationText.of(ApiClient.JSON.readTree("{\"sequence\":12,\"confirmedBy\":[" + confirmedBy
                + "],\"leaseExpired\":[" + leaseExpired + "],\"at\":\"2026-12-01T00:00:00Z\"}"));
    }

    @Test
    void everyNodeThatConfirmedIsNamed() {
        assertThat(text("\"serve@a\"", "")).isEqualTo("Confirmed by serve@a. Feed number 12.");
        assertThat(text("\"serve@a\",\"gate@b\",\"gate@c\"", ""))
                .isEqualTo("Confirmed by serve@a, gate@b and gate@c. Feed number 12.");
    }

    @Test
    void nodeWhoseLeaseRanOutIsNamedAsOneThatDidNotConfirm() {
        assertThat(text("\"serve@a\",\"gate@b\"", "\"gate@c\""))
                .isEqualTo("Confirmed by serve@a and gate@b. The lease of gate@c ran out: it refuses every key until it"
                        + " has caught up. Feed number 12.");
        assertThat(text("\"serve@a\"", "\"gate@b\",\"gate@c\""))
                .isEqualTo("Confirmed by serve@a. The leases of gate@b and gate@c ran out: they refuse every key until"
                        + " they have caught up. Feed number 12.");
    }
}
