package dev.keyrack.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Promise: `verify` works where nobody is trusted without a verifier key, and takes that key from the environment only. */
class VerifierKeyTest {
    @TempDir
    Path folder;

    private Program program;

    private JsonNode create(String type, String... more) throws Exception {
        String[] command = new String[10 + more.length];
        String[] first = {
            "keys", "create", "--name", type, "--type", type, "--project", "Shop", "--output", "json",
        };
        System.arraycopy(first, 0, command, 0, 10);
        System.arraycopy(more, 0, command, 10, more.length);
        Program.Result made = program.run(command);
        assertThat(made.status()).as(made.err()).isZero();
        return JsonMapper.shared().readTree(made.out());
    }

    @Test
    void verifyAsksWithTheVerifierKeyOfTheEnvironment() throws Exception {
        program = Program.in(folder).with("KEYRACK_GATE_HOST", "0.0.0.0");
        try (KeyrackProcess process = program.serve()) {
            program.run("setup", "--organization", "Acme", "--email", "a@example.com");
            String token = create("web", "--create-project").at("/token").asString();
            String verifier =
                    create("server", "--permission", "keys.verify").at("/token").asString();

            Program.Result nobody = program.run("verify", token);
            assertThat(nobody.status()).as("nothing is said about the token").isEqualTo(2);
            assertThat(nobody.err()).contains("Keyrack-Verifier").doesNotContain(token, "\tat ");

            Program asker = program.with("KEYRACK_VERIFIER", verifier);
            Program.Result good = asker.run("verify", token);
            assertThat(good.status()).as(good.err()).isZero();
            assertThat(good.out()).contains("VALID");
            assertThat(asker.run("verify", "nonsense").status()).isEqualTo(1);

            Program.Result refused = program.with("KEYRACK_VERIFIER", token).run("verify", token);
            assertThat(refused.status()).isEqualTo(2);
            assertThat(refused.out() + refused.err()).doesNotContain(token);
            process.stop();
        }
    }
}
