package dev.keyrack.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.gate.Networks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be called is told from its spelling alone where two programs could read that spelling differently. */
class TargetTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "//example.com",
                "ftp://example.com",
                "file:///etc/passwd",
                "gopher://example.com",
                "javascript:alert(1)",
                "http:example.com",
                "http:///path",
                "http://",
                "https://user@example.com",
                "https://user:password@example.com",
                "https://@example.com",
                "https://example.com@127.0.0.1",
                "https://example.com:0/",
                "https://example.com:/",
                "https://example.com:65536/",
                "https://example.com:99999999999/",
                "https://example.com/#fragment",
                "https://example.com/a b",
                "https://example.com/\r\nX-Injected: 1",
                "https://example.com/\n",
                "https://example.com\t/",
                "https://exa\u0000mple.com/",
                "https://exämple.com/",
                "https://example.com\\@127.0.0.1/",
                "http://0x7f.0.0.1/",
                "http://0x7f000001/",
                "http://2130706433/",
                "http://017700000001/",
                "http://0177.0.0.1/",
                "http://127.1/",
                "http://127.0.1/",
                "http://127.0.0.1./",
                "http://127.0.0.01/",
                "http://256.256.256.256/",
                "http://1.2.3.4.5/",
                "http://example.0x1/",
                "http://[fe80::1%25eth0]/",
                "http://[fe80::1%eth0]/",
                "http://[::1/",
                "http://[127.0.0.1]/",
                "http://under_score/"
            })
    void addressThatIsNoneOrHasSeveralReadingsIsRefused(String address) {
        assertThatThrownBy(() -> Target.parse(address)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noRefusalRepeatsWhatWasTyped() {
        for (String address : List.of("https://user:hunter2@example.com", "hunter2://x", "https://hunter2 x/")) {
            assertThatThrownBy(() -> Target.parse(address)).hasMessageNotContaining("hunter2");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com",
                "HTTPS://example.com/answer?tenant=1",
                "http://localhost:8080/",
                "http://model/v1",
                "https://example.com./",
                "http://127.0.0.1:11434/v1",
                "http://[::1]:8080/",
                "https://xn--exmple-cua.com/"
            })
    void usualAddressIsRead(String address) {
        assertThat(Target.parse(address).uri()).hasToString(address);
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com, https://example.com/chat/completions",
        "https://example.com/v1, https://example.com/v1/chat/completions",
        "https://example.com/v1/, https://example.com/v1/chat/completions",
        "https://example.com/a%2Fb/?api-version=1, https://example.com/a%2Fb/chat/completions?api-version=1",
        "http://[::1]:8080/v1, http://[::1]:8080/v1/chat/completions"
    })
    void pathGoesBelowTheAddress(String base, String below) {
        assertThat(Target.parse(base).below("/chat/completions").uri()).hasToString(below);
    }

    @Test
    void addressesInNumbersAreJudgedWithoutAskingForAName() {
        AddressGuard guard = new AddressGuard(Networks.parse(List.of("127.0.0.0/8")));

        assertThat(Target.parse("http://10.0.0.1/").isRefused(guard)).isTrue();
        assertThat(Target.parse("http://[::1]/").isRefused(guard)).isTrue();
        assertThat(Target.parse("http://[::ffff:10.0.0.1]/").isRefused(guard)).isTrue();
        assertThat(Target.parse("http://127.0.0.1/").isRefused(guard)).isFalse();
        assertThat(Target.parse("http://localhost/").isRefused(guard)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1/, 80",
        "https://127.0.0.1/, 443",
        "HTTPS://127.0.0.1/, 443",
        "https://127.0.0.1:8080/, 8080",
        "http://[::1]:8080/, 8080"
    })
    void ownPortIsRefusedAlsoWhereTheAddressLeavesItOut(String address, int own) {
        Networks loopback = Networks.parse(List.of("127.0.0.0/8", "::1"));

        assertThat(Target.parse(address).isRefused(new AddressGuard(loopback, port -> port == own)))
                .isTrue();
        assertThat(Target.parse(address).isRefused(new AddressGuard(loopback, port -> port == 81)))
                .isFalse();
    }
}
