package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Promise: an app is known by its id, and an Android one by its certificate too, in whatever form a tool prints it. */
class AppTest {
    private static final String CERTIFICATE = "0a".repeat(31) + "F9";

    @Test
    void certificateIsReadFromTheFormsInWhichToolsPrintIt() {
        String plain = CERTIFICATE.toLowerCase(Locale.ROOT);
        String pairs = CERTIFICATE.replaceAll("(..)(?!$)", "$1:");
        assertThat(App.fingerprint(CERTIFICATE)).contains(plain);
        assertThat(App.fingerprint(plain)).contains(plain);
        assertThat(App.fingerprint(pairs)).contains(plain);
        for (String other : new String[] {
            "",
            "0a",
            CERTIFICATE + "0",
            CERTIFICATE.substring(1),
            pairs + ":",
            ":" + pairs,
            pairs.substring(3),
            CERTIFICATE.replace('F', 'G'),
            pairs.replace(':', '-'),
            pairs.replaceFirst(":", ""),
            CERTIFICATE + "\n"
        }) {
            assertThat(App.fingerprint(other)).as(other).isEmpty();
        }
    }

    @Test
    void idsAreThoseOfTheirPlatform() {
        for (String id : new String[] {"com.example", "com.example.Shop_2", "a.b", "A.b1.c_"}) {
            assertThat(App.Platform.ANDROID.hasId(id)).as(id).isTrue();
        }
        for (String id : new String[] {
            "",
            "com",
            "com.",
            ".com",
            "com..a",
            "com.1a",
            "1com.a",
            "com.a-b",
            "com._a",
            "com.a b",
            "com.\u00e4",
            "com.a\n"
        }) {
            assertThat(App.Platform.ANDROID.hasId(id)).as(id).isFalse();
        }
        for (String id : new String[] {"com", "com.example.Shop", "com.1a", "a-b.c", "-"}) {
            assertThat(App.Platform.IOS.hasId(id)).as(id).isTrue();
        }
        for (String id : new String[] {"", ".", "com.", ".com", "com..a", "com.a_b", "com.a b", "com.\u00e4"}) {
            assertThat(App.Platform.IOS.hasId(id)).as(id).isFalse();
        }
        String longest = "a.".repeat(127) + "b";
        assertThat(longest).hasSize(App.MAX_ID);
        for (App.Platform platform : App.Platform.values()) {
            assertThat(platform.hasId(longest)).isTrue();
            assertThat(platform.hasId(longest + "b")).isFalse();
            assertThat(App.Platform.of(platform.text())).contains(platform);
            assertThat(App.Platform.of(platform.name())).isEmpty();
        }
    }

    @Test
    void androidAppHasACertificateAndAnIosAppNone() {
        assertThatThrownBy(() -> new App(App.Platform.ANDROID, "a.b", null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new App(App.Platform.IOS, "a.b", "00")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textTellsAllThatIsKnownAndIsReadAsTheSame() {
        App android = new App(App.Platform.ANDROID, "a.b", CERTIFICATE.toLowerCase(Locale.ROOT));
        App ios = new App(App.Platform.IOS, "a.b", null);
        assertThat(android.text()).isEqualTo("android:a.b:" + android.certificate());
        assertThat(ios.text()).isEqualTo("ios:a.b");
        for (String text : new String[] {android.text(), ios.text(), "a.b", "android:a.b", ""}) {
            assertThat(App.Asked.of(text).text()).isEqualTo(text);
        }
        assertThat(App.Asked.of(null, "a.b", CERTIFICATE).text()).isEqualTo("a.b:" + android.certificate());
        assertThat(App.Asked.of(android.text()).is(android)).isTrue();
        assertThat(App.Asked.of(android.text()).is(ios)).isFalse();
        assertThat(App.Asked.of("a.b").is(ios)).isTrue();
        assertThat(App.Asked.of("a.b").is(android)).isFalse();
    }

    @Property
    void noTextMakesReadingThrow(@ForAll String text) {
        App.Asked.of(text);
        App.Asked.of("android:" + text);
        App.Asked.of(text, text, text);
        App.fingerprint(text);
        App.Platform.ANDROID.hasId(text);
        App.Platform.IOS.hasId(text);
    }
}
