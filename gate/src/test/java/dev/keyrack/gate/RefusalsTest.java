package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise: what is kept of refusals is bounded, whoever sends what, and holds no secret. */
class RefusalsTest {
    private final TestingKeys keys = new TestingKeys().load();
    private final Refusals refusals = new Refusals();

    private void refuse(TestingKeys.Key key, String permission) {
        Question question = Question.of(key.token()).permission(permission);
        Verdict verdict = keys.verifier.verify(question);
        assertThat(verdict.code()).isEqualTo(Code.PERMISSION_DENIED);
        refusals.count(question, verdict);
    }

    @Test
    void sameRuleAndValueAreCountedTogether() {
        refuse(keys.limited, "orders.read");
        refuse(keys.limited, "orders.read");
        refuse(keys.limited, "orders.write");
        assertThat(refusals.drain())
                .extracting(counted -> counted.what().value(), Refusals.Counted::count)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("orders.read", 2L),
                        org.assertj.core.groups.Tuple.tuple("orders.write", 1L));
        assertThat(refusals.drain()).isEmpty();
    }

    @Test
    void furtherValuesOfAKeyAreCountedWithoutBeingKept() {
        for (int i = 0; i < 10 * Refusals.VALUES; i++) {
            refuse(keys.limited, "orders.read" + i);
        }
        List<Refusals.Counted> counted = refusals.drain();
        assertThat(counted).hasSize(Refusals.VALUES + 1);
        assertThat(counted.getLast().what().value()).isEqualTo(Refusals.FURTHER);
        assertThat(counted.getLast().count()).isEqualTo(9L * Refusals.VALUES);
    }

    @Test
    void floodOfOneRuleHidesNoOtherRule() {
        for (int i = 0; i < 10 * Refusals.VALUES; i++) {
            refuse(keys.limited, "orders.read" + i);
        }
        Question question = Question.of(keys.limited.token()).origin("https://rare.example");
        refusals.count(
                question,
                new Verdict.Refused(
                        Code.WEBSITE_NOT_ALLOWED,
                        keys.verifier.verify(question).about().orElseThrow(),
                        1,
                        java.util.Set.of(dev.keyrack.verifier.Rule.NETWORKS)));
        assertThat(refusals.drain())
                .extracting(Refusals.Counted::what)
                .contains(
                        new Refusals.What(keys.limited.id(), Code.WEBSITE_NOT_ALLOWED, false, "https://rare.example"),
                        new Refusals.What(keys.limited.id(), Code.NETWORK_NOT_ALLOWED, true, ""));
    }

    @Test
    void whatNobodyProvedToHoldIsNotCounted() {
        Question question = Question.of(keys.unknown);
        refusals.count(question, keys.verifier.verify(question));
        assertThat(refusals.drain()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://shop.example.com:8000|http://shop.example.com:8000",
                "https://user:password@example.com/path?token=1#access|https://…@example.com/…",
                "https://example.com#access_token=eyJhbGciOi|https://example.com#…",
                "https://example.com/|https://example.com/",
                "http://[2001:db8::1]:80/x|http://[2001:db8::1]:80/…",
                "https://user:pass/word@example.com|https://user:…",
                "null|null",
                "*|*",
                "shop.example.com:8080|shop.example.com:8080",
                "https://bücher.example|https://bücher.example",
                "com.example.shop|com.example.shop",
                "ios:com.example.shop|ios:com.example.shop",
                "android:com.example.shop:0a0b0c|android:com.example.shop:0a0b0c",
                "com.example?s3cret|com.example?…",
                "192.0.2.1|192.0.2.1",
                "2001:db8::1|2001:db8::1",
                "fe80::1%s3cret|fe80::1%…",
                "2001:db8::s3cret|2001:db8::…",
                "192.0.2.1/s3cret|192.0.2.1/…",
                "shop.example.com/path?token=s3cret|shop.example.com/…",
                "//shop.example.com/s3cret|/…",
                "data:text/html,s3cret|data:…",
                "mailto:s3cret|mailto:…",
                "https:/shop.example.com/s3cret|https:…",
                "https:shop.example.com/s3cret|https:…",
                "https:\\\\shop.example.com\\s3cret|https:…",
                "s3cret@shop.example.com|…@shop.example.com",
                "user:s3cret@shop.example.com|…@shop.example.com",
                "https://shop.example.com s3cret|https://shop.example.com …",
                "https://shop.example.com;s3cret|https://shop.example.com;…",
                "https://shop.example.com\\s3cret|https://shop.example.com\\…",
                "https://shop.example.com:s3cret|https://shop.example.com:…",
                "https://[s3cret]/|https://[…",
                "blob:https://shop.example.com/s3cret|blob:…"
            })
    void addressesAreKeptUpToTheirHostAndSayThatTheyAreCut(String value, String shown) {
        assertThat(Refusals.shown(value)).isEqualTo(shown);
    }

    @Test
    void secretsAreCutBeforeLongValuesAre() {
        assertThat(Refusals.shown("https://user:" + "s3cret".repeat(200) + "@example.com"))
                .isEqualTo("https://…@example.com");
        String token = keys.active.token();
        assertThat(Refusals.shown(token)).startsWith("kr_srv_").hasSizeLessThan(25);
        assertThat(Refusals.shown("x".repeat(1_000))).hasSize(Refusals.MAX_VALUE);
        assertThat(Refusals.shown("a\n")).isEqualTo("a?");
        assertThat(Refusals.shown("a\u202e")).isEqualTo("a?");
        assertThat(Refusals.shown(":".repeat(20_000))).hasSize(Refusals.MAX_VALUE);
    }
}
