package dev.keyrack.server.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.texts.Texts;
import dev.keyrack.verifier.Secret;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guards what is kept of a password, and which ones nobody may choose. */
class PasswordsTest {
    private static final String GOOD = "violet harbour under nine ladders";
    private final Passwords passwords = new Passwords();
    private final PasswordRules rules = new PasswordRules();

    private String refusal(String password) {
        return rules.refusal(Secret.of(password), "jane.miller@acme.example", "Acme Shops")
                .map(Texts.english()::text)
                .orElse("");
    }

    @Test
    void whatIsKeptIsArgon2idWithAtLeastTheParametersOfOwaspAndASaltOfItsOwn() {
        String one = passwords.hash(Secret.of(GOOD));
        assertThat(one).startsWith("$argon2id$v=19$m=32768,t=3,p=1$").doesNotContain("violet");
        assertThat(passwords.hash(Secret.of(GOOD))).isNotEqualTo(one);
        assertThat(Passwords.MEMORY_KIB).isGreaterThanOrEqualTo(19 * 1024);
        assertThat(Passwords.PASSES).isGreaterThanOrEqualTo(2);
    }

    @Test
    void onlyTheSamePasswordMatchesHoweverItsLettersWereTyped() {
        String kept = passwords.hash(Secret.of("Ein Bär über drei Hügel"));
        assertThat(passwords.matches(Secret.of("Ein Ba\u0308r u\u0308ber drei Hu\u0308gel"), kept))
                .isTrue();
        assertThat(passwords.matches(Secret.of("ein Bär über drei Hügel"), kept))
                .isFalse();
        assertThat(passwords.matches(Secret.of(""), kept)).isFalse();
    }

    @Test
    void manyAtOnceAreAllAnswered() {
        String kept = passwords.hash(Secret.of(GOOD));
        assertThat(IntStream.range(0, 12)
                        .parallel()
                        .filter(i -> passwords.matches(Secret.of(i % 2 == 0 ? GOOD : GOOD + i), kept))
                        .count())
                .isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "passwordpassword",
                "Password1234!",
                "P@ssw0rd12345",
                "qwertyuiop123",
                "1234567890123",
                "123456123456",
                "aaaaaaaaaaaaaaaa",
                "abcabcabcabcabc",
                "1qaz2wsx3edc",
                "ILoveYou2024!!",
                "Summer2025!!!",
                "Welcome12345",
                "letmeinletmein",
                "adminadmin1234",
                "112233445566",
                "keyrack-token-1",
                "jane.miller@acme.example",
                "JaneMiller2025",
                "acme shops 12",
                "short",
                "elevenchars",
            })
    void aPasswordThatIsTriedFirstIsRefusedWithAdvice(String password) {
        assertThat(refusal(password)).isNotEmpty().contains(password.length() < 12 ? "at least 12" : "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GOOD,
                "correct horse battery staple",
                "840275930184",
                "k7#Qz!mB2xR9",
                "passwordless lamp oven",
                "пароль для коня и моря",
                "夏の海で青い魚を三匹見つけた日",
                "      tabs\tand spaces      ",
            })
    void aPasswordOfAnyCharactersIsGood(String password) {
        assertThat(refusal(password)).isEmpty();
    }

    @Test
    void lengthIsCountedInCharactersAfterTheyWereJoined() {
        assertThat(refusal("😀🦊🌲🚲🎻🧵🍋🪁🏔️🐋🕯️")).isEmpty();
        assertThat(refusal("a\u0308o\u0308u\u0308e\u0301x7Qk9")).contains("not 9");
        String longest = "ab3 ze9-".repeat(15) + "kq8 vw6-";
        assertThat(longest).hasSize(128);
        assertThat(refusal(longest)).isEmpty();
        assertThat(refusal(longest + "x")).contains("at most 128");
    }

    @Test
    void aPasswordThatIsBuiltToBeReadInManyWaysIsReadInTime() {
        List<String> hostile =
                List.of("qwer1234".repeat(15) + "ñandúxx", "aiaiaimeto".repeat(12) + "ßßß", "a1".repeat(60) + "ñúöxk");
        assertThat(hostile).allSatisfy(password -> assertThat(refusal(password)).isEmpty());
    }
}
