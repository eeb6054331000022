package dev.keyrack.server.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.server.app.SettingsReader;
import dev.keyrack.verifier.Secret;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: the mail server's address is read as it was meant, or refused without repeating a secret. */
class SmtpUrlTest {
    private static final String SECRET = "hunter2sesame";

    @ParameterizedTest
    @CsvSource({
        "smtp://mail.example.com?from=keys@example.com,              mail.example.com, 587, false",
        "smtp://mail.example.com:25?from=keys@example.com,           mail.example.com, 25,  false",
        "smtps://mail.example.com/?from=keys@example.com,            mail.example.com, 465, true",
        "smtp://u:p@mail.example.com:2525?from=keys@example.com,     mail.example.com, 2525, false",
        "'smtp://[2001:db8::1]:25?from=keys@example.com',            2001:db8::1,      25,  false"
    })
    void serverIsRead(String text, String host, int port, boolean tls) {
        SmtpUrl url = SmtpUrl.parse(text);
        assertThat(url.host()).isEqualTo(host);
        assertThat(url.port()).isEqualTo(port);
        assertThat(url.tls()).isEqualTo(tls);
        assertThat(url.from()).isEqualTo("keys@example.com");
    }

    @Test
    void userAndPasswordAreDecodedAndAPlusIsOne() {
        SmtpUrl url = SmtpUrl.parse("smtp://keys%40example.com:a+b%3Ac%2Fd%40e@mail.example.com");
        assertThat(url.user()).isEqualTo("keys@example.com");
        assertThat(url.from()).as("the user, where nothing else is said").isEqualTo("keys@example.com");
        assertThat(url.password().matches(Secret.of("a+b:c/d@e"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "smtp://mail.example.com,  true",
        "smtp://192.0.2.1,         true",
        "smtp://0.0.0.0,           true",
        "smtp://localhost.example, true",
        "smtp://localhost,         false",
        "smtp://127.0.0.1,         false",
        "smtp://[::1],             false",
        "smtps://mail.example.com, false"
    })
    void onlyOnThisMachineIsAnythingSaidBeforeTls(String server, boolean needed) {
        assertThat(SmtpUrl.parse(server + "?from=keys@example.com").needsStartTls())
                .isEqualTo(needed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mail.example.com",
                "http://u:hunter2sesame@mail.example.com?from=keys@example.com",
                "smtp://u:hunter2sesame@mail.example.com",
                "smtp://u:hunter2sesame@mail.example.com?to=keys@example.com",
                "smtp://u:hunter2sesame@mail.example.com?from=keys@example.com&x=1",
                "smtp://u:hunter2sesame@mail.example.com/path?from=keys@example.com",
                "smtp://u:hunter2sesame@mail.example.com?from=keys@example.com#f",
                "smtp://u:hunter2sesame@with space?from=keys@example.com",
                "smtp://u@x:hunter2sesame@mail.example.com?from=keys@example.com",
                "smtp://hunter2sesame@mail.example.com?from=keys@example.com",
                "smtp://:hunter2sesame@mail.example.com?from=keys@example.com",
                "smtp://u:hunter2sesame%zz@mail.example.com?from=keys@example.com",
                "smtp://mail.example.com?from=",
                "smtp://mail.example.com?from=Keys%20<keys@example.com>",
                "smtp://mail.example.com?from=keys@example.com%0d%0aBcc:x@example.com",
                "smtp:keys@example.com"
            })
    void whatDoesNotFitIsRefusedWithoutRepeatingAnyOfIt(String text) {
        assertThatThrownBy(() -> SmtpUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotEmpty()
                .doesNotContain(SECRET);
    }

    @Test
    void checkConfigNamesTheSettingAndShowsTheServerWithoutThePassword() {
        assertThatThrownBy(() -> read("ftp://u:" + SECRET + "@mail.example.com"))
                .message()
                .contains("KEYRACK_SMTP_URL", "smtp://")
                .doesNotContain(SECRET);
        assertThat(read("smtp://u:" + SECRET + "@mail.example.com?from=keys@example.com"))
                .contains("mail                smtp://mail.example.com:587, from keys@example.com")
                .noneMatch(line -> line.contains(SECRET));
        assertThat(SmtpUrl.parse("smtp://u:" + SECRET + "@mail.example.com?from=keys@example.com"))
                .asString()
                .doesNotContain(SECRET);
    }

    private static java.util.List<String> read(String url) {
        return SettingsReader.read(Path.of("none.yaml"), Map.of("KEYRACK_SMTP_URL", url))
                .lines();
    }
}
