package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Promise: one token has one spelling, a typing error is seen, and a secret never shows itself. */
class TokenFormatTest {
    @Provide
    Arbitrary<String> brands() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .numeric()
                .ofMinLength(2)
                .ofMaxLength(12);
    }

    @Provide
    Arbitrary<String> tags() {
        return Arbitraries.of("web", "mob", "ana", "srv", "pat");
    }

    /** Letters and digits as often as everything else, so that changes are tried that only the check can see. */
    @Provide
    Arbitrary<Character> characters() {
        return Arbitraries.oneOf(
                Arbitraries.chars().alpha().numeric(),
                Arbitraries.chars().ascii(),
                Arbitraries.chars().all());
    }

    private static TokenFormat.Minted mint(long seed) {
        return TokenFormat.mint("kr", "web", TestingKey.random(seed));
    }

    @Property
    void mintedTokenParsesToItself(@ForAll("brands") String brand, @ForAll("tags") String tag, @ForAll long seed) {
        TokenFormat.Minted minted = TokenFormat.mint(brand, tag, TestingKey.random(seed));
        assertThat(TokenFormat.parse(minted.token().reveal()))
                .contains(new TokenFormat.Parsed(brand, tag, minted.id(), minted.digest()));
        assertThat(minted.token().reveal()).matches("[0-9A-Za-z_]+");
    }

    /** CRC-32 sees every error of up to 32 bits in a row, so this holds always and not just nearly. */
    @Property(tries = 5000)
    void oneChangedCharacterMakesTokenMalformed(
            @ForAll long seed, @ForAll @IntRange(max = 50) int at, @ForAll("characters") char other) {
        String token = mint(seed).token().reveal();
        Assume.that(token.charAt(at) != other);
        String changed = token.substring(0, at) + other + token.substring(at + 1);
        assertThat(TokenFormat.parse(changed)).isEmpty();
    }

    @Property
    void swappedNeighboursMakeTokenMalformed(@ForAll long seed, @ForAll @IntRange(max = 43) int at) {
        String token = mint(seed).token().reveal();
        Assume.that(token.charAt(at) != token.charAt(at + 1));
        String swapped = token.substring(0, at) + token.charAt(at + 1) + token.charAt(at) + token.substring(at + 2);
        assertThat(TokenFormat.parse(swapped)).isEmpty();
    }

    /** Characters whose low bytes spell the token: "ŵeb" for "web" would be a second spelling. */
    @Property
    void charactersThatOnlyEndLikeTheTokensAreMalformed(
            @ForAll long seed, @ForAll @IntRange(max = 50) int at, @ForAll @IntRange(min = 1, max = 255) int high) {
        StringBuilder token = new StringBuilder(mint(seed).token().reveal());
        token.setCharAt(at, (char) (high << 8 | token.charAt(at)));
        assertThat(TokenFormat.parse(token.toString())).isEmpty();
    }

    @Property
    void noTextMakesTheParserThrow(@ForAll String text) {
        assertThat(TokenFormat.parse(text)).isEmpty();
    }

    @Property
    void maskHoldsTheIdAndNothingOfTheSecret(
            @ForAll("brands") String brand, @ForAll("tags") String tag, @ForAll long seed) {
        TokenFormat.Minted minted = TokenFormat.mint(brand, tag, TestingKey.random(seed));
        String token = minted.token().reveal();
        String beforeSecret = token.substring(0, token.length() - 27 - 6);
        assertThat(TokenFormat.mask(brand, tag, minted.id())).isEqualTo(beforeSecret + "…");
        assertThat(beforeSecret).endsWith("_" + minted.id().value());
    }

    @Property
    void secretNeverShowsItself(@ForAll long seed) {
        TokenFormat.Minted minted = mint(seed);
        Secret secret = minted.token();
        String text = secret.reveal();
        String hidden = text.substring(text.length() - 33, text.length() - 6);
        String shown = secret + " " + String.valueOf(secret) + " " + "%s".formatted(secret) + " " + minted
                + new IllegalStateException(String.valueOf(minted))
                + Question.of(text) + Question.of(text).permission("a.b").user("acme") + minted.digest()
                + TokenFormat.parse(text).orElseThrow();
        assertThat(shown).contains("redacted").doesNotContain(hidden).doesNotContain(text.substring(7));
        assertThat(secret.hashCode()).isEqualTo(mint(seed + 1).token().hashCode());
    }

    @Property
    void secretMatchesTheSameTextOnly(@ForAll String one, @ForAll String other) {
        assertThat(Secret.of(one).matches(Secret.of(String.valueOf(one.toCharArray()))))
                .isTrue();
        Assume.that(!one.equals(other) && isWellFormed(one) && isWellFormed(other));
        assertThat(Secret.of(one).matches(Secret.of(other))).isFalse();
    }

    /** Halves of surrogate pairs have no UTF-8; no token holds any. */
    private static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    @Property
    void digestIsReadBackFromItsText(@ForAll long seed) {
        Digest digest = mint(seed).digest();
        assertThat(Digest.parse(digest.text())).isEqualTo(digest);
        assertThat(digest).isNotEqualTo(mint(seed + 1).digest());
    }

    @Example
    void digestOfAnotherAlgorithmOrLengthIsRefused() {
        for (String text : new String[] {"", "sha256", "sha512:AAAA", "sha256:", "sha256:AAAA", "sha256:!", "AAAA"}) {
            assertThatThrownBy(() -> Digest.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Example
    void brandOutsideTheFormatIsNotMinted() {
        RandomGenerator random = TestingKey.random(1);
        for (String brand : new String[] {"", "k", "abcdefghijklm", "KR", "k_r", "k-r", "kr ", "kŕ"}) {
            assertThat(TokenFormat.isBrand(brand)).as(brand).isFalse();
            assertThatThrownBy(() -> TokenFormat.mint(brand, "web", random))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String tag : new String[] {"", "WEB", "xyz", "webb"}) {
            assertThatThrownBy(() -> TokenFormat.mint("kr", tag, random)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Example
    void everyCharacterOfIdAndSecretIsDrawnFromTheWholeAlphabet() {
        RandomGenerator random = TestingKey.random(1);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            String token = TokenFormat.mint("kr", "web", random).token().reveal();
            for (int at = 7; at < 45; at++) {
                seen.add(at << 8 | token.charAt(at));
            }
        }
        assertThat(seen).hasSize(38 * 62);
    }

    @Example
    void keyIdIsElevenLettersAndDigits() {
        assertThat(KeyId.isValid("0aZ45678901")).isTrue();
        for (String text :
                new String[] {"", "0aZ4567890", "0aZ456789012", "0aZ4567890_", "0aZ4567890ł", "0aZ45678 01"}) {
            assertThat(KeyId.isValid(text)).as(text).isFalse();
            assertThatThrownBy(() -> new KeyId(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
