package dev.keyrack.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: whoever starts Keyrack is told what they must know, and stopping it loses nothing. */
class StartAndStopTest {
    @TempDir
    Path folder;

    @Test
    void firstStartTellsWhatToKnowAndASecondStartDoesNotRepeatIt() throws Exception {
        Program program = Program.in(folder);
        try (KeyrackProcess first = program.serve()) {
            assertThat(first.out())
                    .contains("Control plane  http://127.0.0.1:" + first.controlPort())
                    .contains("Data plane     http://127.0.0.1:" + first.gatePort())
                    .contains("Trust ")
                    .contains("Back up these two")
                    .contains(program.data().resolve("keyrack.db").toString())
                    .contains(program.data().resolve("keyset.json").toString())
                    .contains("./keyrack setup --organization");
            assertOwnersAlone(program.data());
            SampleStore.setUp(first);
            assertThat(first.stop()).isIn(0, 143);
            assertThat(first.err()).doesNotContain("\tat ", "Exception", "\"level\":\"ERROR\"", "\"level\":\"WARN\"");
        }
        assertThat(program.data().resolve("control.json")).doesNotExist();
        try (KeyrackProcess second = program.serve()) {
            assertThat(second.out()).contains("Control plane", "Trust ").doesNotContain("Back up", "setup");
            second.stop();
        }
        assertOwnersAlone(program.data());
    }

    private static void assertOwnersAlone(Path data) throws Exception {
        try (Stream<Path> files = Files.walk(data)) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void requestUnderWayAtSigtermIsAnswered() throws Exception {
        Program program = Program.in(folder);
        try (KeyrackProcess process = program.serve()) {
            String token = SampleStore.setUp(process);
            byte[] body = "{\"name\":\"Late\"}".getBytes(StandardCharsets.UTF_8);
            try (Socket socket = new Socket("127.0.0.1", process.controlPort())) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream()
                        .write(("POST /api/v1/projects HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                                        + "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
                                        + body.length + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                assertThat(in.readLine()).as("the request is under way").contains("100");
                socket.getOutputStream().write(body, 0, 5);

                process.terminate();
                Wait.until(
                        "the process stops", () -> !Files.exists(program.data().resolve("control.json")));
                assertThat(process.alive()).isTrue();
                socket.getOutputStream().write(body, 5, body.length - 5);

                assertThat(in.readLine()).isEmpty();
                assertThat(in.readLine()).contains("201");
            }
            assertThat(process.awaitEnd()).isIn(0, 143);
            assertThat(process.err()).doesNotContain("\tat ", "\"level\":\"ERROR\"");
        }
        try (KeyrackProcess again = program.serve()) {
            assertThat(again.operator().all("/api/v1/projects")).hasSize(1);
        }
    }
}
