package dev.keyrack.server.process;

import static org.assertj.core.api.Assertions.assertThat;

/** How the program says that it cannot start: one message, for a person, and nothing else. */
final class Refusal {
    private Refusal() {}

    static void assertCannotStart(Program.Result result, String... told) {
        assertThat(result.err()).contains(told);
        assertThat(result.err()).doesNotContain("\tat ", "Exception", "throwable", "PrivateKey", "keyData");
        assertThat(result.err().lines().count()).as("lines of\n" + result.err()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.status()).isEqualTo(2);
    }
}
