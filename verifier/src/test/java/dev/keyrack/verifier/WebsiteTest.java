package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise: what a person writes is the website that they mean, or is refused with the reason. */
class WebsiteTest {
    @Provide
    Arbitrary<Website> websites() {
        return Sources.websites();
    }

    @Provide
    Arbitrary<String> nearOrigins() {
        return Sources.nearOrigins();
    }

    private static Website read(String text) {
        return ((Website.Reading.Read) Website.read(text)).website();
    }

    private static String refused(String text) {
        return English.of(((Website.Reading.Refused) Website.read(text)).why());
    }

    @Property
    void canonicalTextIsReadAsTheSameWebsite(@ForAll("websites") Website website) {
        assertThat(Website.of(website.text())).isEqualTo(website);
        assertThat(Website.read(website.text() + "/x?y#z")).isEqualTo(new Website.Reading.Read(website, "/x?y#z"));
        assertThat(website).hasToString(website.text());
    }

    /** Saved as a website, an origin is allowed; and what cannot be saved is no origin. */
    @Property(tries = 5000)
    void whatIsSavedIsWhatIsAllowed(@ForAll("nearOrigins") String text) {
        boolean origin = SlowReaders.origin(text).isPresent();
        if (Website.read(text) instanceof Website.Reading.Read(Website website, String dropped)) {
            assertThat(Website.of(website.text())).isEqualTo(website);
            if (dropped.isEmpty() && !website.subdomains()) {
                assertThat(origin).as(text).isTrue();
                assertThat(SlowReaders.origin(text).orElseThrow().is(website)).isTrue();
            }
        } else {
            assertThat(origin).as(text).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com,https://example.com,''",
        "HTTPS://Example.COM.:443,https://example.com,''",
        "http://example.com:80/,http://example.com,/",
        "http://example.com:443,http://example.com:443,''",
        "https://example.com:80,https://example.com:80,''",
        "https://*.Example.com:8443?x,https://*.example.com:8443,?x",
        "https://example.com#x,https://example.com,#x",
        "https://example.com\\x,https://example.com,\\x",
        "https://example.com/a@b*c,https://example.com,/a@b*c",
        "https://*.b\u00fccher.example,https://*.xn--bcher-kva.example,''",
        "https://[2001:DB8:0::1]:8443,https://[2001:db8::1]:8443,''",
        "https://192.0.2.1.,https://192.0.2.1,''"
    })
    void websiteIsReadInItsCanonicalTextWithoutWhatHasNoMeaning(String text, String canonical, String dropped) {
        assertThat(Website.read(text)).isEqualTo(new Website.Reading.Read(Website.of(canonical), dropped));
    }

    @ParameterizedTest
    @CsvSource({
        "example.com,must begin with",
        "'',must begin with",
        "://example.com,must begin with",
        "ftp://example.com,must begin with",
        "http\u017f://example.com,must begin with",
        "https://user@example.com,user name",
        "https://@example.com,user name",
        "https://a*.example.com,stand alone",
        "https://*example.com,stand alone",
        "https://*.*.example.com,stand alone",
        "https://*,stand alone",
        "https://*.,no host name",
        "https://,no host name",
        "https://exa mple.com,no host name",
        "https://example.com:0,no host name",
        "https://*.192.0.2.1,subdomains of an IP address",
        "https://*.[2001:db8::1],subdomains of an IP address"
    })
    void whatIsNoWebsiteIsRefusedWithTheReason(String text, String why) {
        assertThat(refused(text)).contains(why);
        assertThatThrownBy(() -> Website.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textOfTwoThousandAndFortyEightCharactersIsLookedAt() {
        String longest = "https://example.com/" + "a".repeat(Website.MAX_LENGTH - 20);
        assertThat(read(longest).text()).isEqualTo("https://example.com");
        assertThat(refused(longest + "a")).contains("2048 characters");
    }

    @Test
    void onlyTheCanonicalTextIsReadWhereAProgramWroteIt() {
        for (String other : new String[] {
            "https://example.com/",
            "https://EXAMPLE.com",
            "https://example.com:443",
            "HTTPS://example.com",
            "https://example.com."
        }) {
            assertThatThrownBy(() -> Website.of(other)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
