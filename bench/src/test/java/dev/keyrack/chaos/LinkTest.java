package dev.keyrack.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Defends: the network that the harness puts between processes and database fails as it is told to. */
class LinkTest {
    private ServerSocket database;
    private Link link;
    private Socket process;
    private Socket served;

    @BeforeEach
    void connect() throws IOException {
        database = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        link = new Link(database.getLocalPort());
        process = new Socket(InetAddress.getLoopbackAddress(), link.port());
        served = database.accept();
        process.setSoTimeout(500);
        served.setSoTimeout(500);
    }

    @AfterEach
    void close() throws IOException {
        process.close();
        served.close();
        link.close();
        database.close();
    }

    @Test
    void aLinkThatIsWholeCarriesBothWays() throws IOException {
        say(process, "question");
        assertThat(heard(served, 8)).isEqualTo("question");
        say(served, "answer");
        assertThat(heard(process, 6)).isEqualTo("answer");
    }

    @Test
    void whatIsCutOneWayArrivesWhenTheLinkIsWholeAgain() throws IOException {
        link.cut(Way.THERE);
        say(process, "question");
        assertThatThrownBy(() -> heard(served, 1)).isInstanceOf(SocketTimeoutException.class);
        say(served, "answer");
        assertThat(heard(process, 6)).isEqualTo("answer");

        link.heal();

        assertThat(heard(served, 8)).isEqualTo("question");
    }

    @Test
    void theEndOfAConnectionDoesNotCrossALinkThatIsCut() throws IOException {
        link.cut(Way.BACK);
        served.close();
        assertThatThrownBy(() -> heard(process, 1)).isInstanceOf(SocketTimeoutException.class);

        link.heal();

        assertThat(process.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void aResetBreaksBothEnds() {
        link.reset();
        assertThatThrownBy(() -> {
                    if (process.getInputStream().read() < 0
                            || served.getInputStream().read() < 0) {
                        throw new IOException("ended");
                    }
                })
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void aBreakpointHoldsTheStatementThatItNamesAndNoOther() throws IOException, InterruptedException {
        try (Breakpoint point = link.breakAt("FROM feed")) {
            say(process, "SELECT 1");
            assertThat(heard(served, 8)).isEqualTo("SELECT 1");
            say(process, "SELECT seq FROM feed");
            point.awaitReached(Duration.ofSeconds(5));
            assertThatThrownBy(() -> heard(served, 1)).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(heard(served, 20)).isEqualTo("SELECT seq FROM feed");
    }

    private static void say(Socket from, String text) throws IOException {
        from.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static String heard(Socket at, int length) throws IOException {
        return new String(at.getInputStream().readNBytes(length), java.nio.charset.StandardCharsets.US_ASCII);
    }
}
