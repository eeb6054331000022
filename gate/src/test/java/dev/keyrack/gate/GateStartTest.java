package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: a gate starts with the settings that it was given, or says what is wrong with them and leaves nothing behind. */
class GateStartTest {

    @Test
    void busyPortIsNamed() throws IOException {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> TestingGate.start(GateSettings.at("127.0.0.1", busy.getLocalPort())))
                    .asInstanceOf(InstanceOfAssertFactories.throwable(CannotListen.class))
                    .satisfies(e -> {
                        assertThat(e.port()).isEqualTo(busy.getLocalPort());
                        assertThat(e.portInUse()).isTrue();
                        assertThat(e).hasMessageContaining("port " + busy.getLocalPort());
                    });
        }
    }

    @Test
    void addressThatIsNotThisMachinesIsNamed() {
        for (String host : new String[] {"192.0.2.1", "no-such-host.invalid"}) {
            assertThatThrownBy(() -> TestingGate.start(GateSettings.at(host, 0)))
                    .asInstanceOf(InstanceOfAssertFactories.throwable(CannotListen.class))
                    .satisfies(e -> {
                        assertThat(e.host()).isEqualTo(host);
                        assertThat(e.portInUse()).isFalse();
                    });
        }
    }

    @Test
    void closedGateFreesItsPortAndClosingTwiceIsHarmless() {
        TestingGate first = TestingGate.start();
        int port = first.gate.port();
        first.close();
        first.close();
        try (TestingGate second = TestingGate.start(GateSettings.at("127.0.0.1", port))) {
            assertThat(second.gate.port()).isEqualTo(port);
            assertThat(second.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void everyEventLoopAnswersOnTheSamePort() {
        try (TestingGate gate = TestingGate.start(TestingGate.loopback().withEventLoops(4))) {
            for (int i = 0; i < 16; i++) {
                String answer = gate.exchangeAndEnd("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(answer).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "10.0.0.0/33",
                "10.1.2.3/8",
                "10.0.0",
                "10.*.0.0",
                "10.0.0.1-5",
                "2001:db8::1/32",
                "/8",
                "*"
            })
    void networkThatIsNoneIsRefusedByName(String network) {
        assertThatThrownBy(() -> TestingGate.loopback().trusting(List.of("192.0.2.0/24", network)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + network + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24,192.0.2.255,true",
        "192.0.2.0/24,192.0.3.0,false",
        "192.0.2.7,192.0.2.7,true",
        "192.0.2.7,192.0.2.8,false",
        "192.0.2.0/24,::ffff:192.0.2.9,true",
        "::ffff:192.0.2.0/120,192.0.2.9,true",
        "192.0.2.0/24,::192.0.2.9,false",
        "2001:db8::/32,2001:db8:ffff::1,true",
        "2001:db8::/32,2001:db9::1,false",
        "fe80::/10,fe80::1%eth0,true",
        "::/0,192.0.2.9,false",
        "0.0.0.0/0,192.0.2.9,true"
    })
    void networkContainsWhatItsPrefixSays(String network, String address, boolean inside) {
        assertThat(Networks.parse(List.of(network)).contain(Networks.address(address)))
                .isEqualTo(inside);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        GateSettings good = TestingGate.loopback();
        List<Runnable> bad = List.of(
                () -> GateSettings.at("", 0),
                () -> GateSettings.at("localhost", 65_536),
                () -> GateSettings.at("localhost", -1),
                () -> good.withConnections(0),
                () -> good.withEventLoops(0),
                () -> good.withTimes(Duration.ZERO, Duration.ofSeconds(1)));
        for (Runnable each : bad) {
            assertThatThrownBy(each::run).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(good.bounds().maxConnections()).isEqualTo(10_000);
        assertThat(good.bounds().idleTime()).isEqualTo(Duration.ofSeconds(60));
        assertThat(good.bounds().requestTime()).isEqualTo(Duration.ofSeconds(30));
        assertThat(good.bounds().maxBody()).isEqualTo(16_384);
        assertThat(good.bounds().maxHeader()).isEqualTo(16_384);
    }

    @Test
    void jsonThatIsWrittenIsWhatWasMeant() throws IOException {
        JsonOut out = new JsonOut();
        for (String text :
                new String[] {"", "plain", "\"\\/\b\f\n\r\t\u0000\u001f\u007f", "é ü €", "😀", "a".repeat(5_000) + "\""
                }) {
            String json = out.begin().string(text).buffer().toString();
            try (var parser = new com.fasterxml.jackson.core.JsonFactory().createParser(json)) {
                parser.nextToken();
                assertThat(parser.getText()).isEqualTo(text);
            }
        }
    }
}
