package dev.keyrack.verifier;

import static dev.keyrack.verifier.Check.Outcome.HELD;
import static dev.keyrack.verifier.Check.Outcome.NOT_SET;
import static dev.keyrack.verifier.Check.Outcome.OBSERVED;
import static dev.keyrack.verifier.Check.Outcome.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise: who may see a key is told what refused, which value was seen, and what would have been allowed. */
class SimulationTest {
    private static final long NOW = 1_800_000_000_000_000L;
    private static final Question ASKED = Question.of("");
    private static final String CERTIFICATE = "ab".repeat(32);

    private final TestingKey key = TestingKey.issue(TestingKey.random(5));

    private static Simulation.Answer ask(TestingKey of, Question question) {
        return new Simulation(List.of(TestingFeed.ACME), of.change()).ask(question, NOW);
    }

    private static Told check(Simulation.Answer answer, Code refusal) {
        return answer.checks().stream()
                .filter(check -> check.refusal() == refusal)
                .findFirst()
                .map(Told::of)
                .orElseThrow();
    }

    private Told site(@Nullable String origin, String... allowed) {
        Restrictions restrictions = new Restrictions.Builder()
                .websites(List.of(allowed).stream().map(Website::of).toList(), false)
                .build();
        return check(ask(key.restricted(restrictions), ASKED.origin(origin)), Code.WEBSITE_NOT_ALLOWED);
    }

    private Told network(@Nullable String ip, String... allowed) {
        Restrictions restrictions = new Restrictions.Builder()
                .networks(List.of(allowed).stream()
                        .map(text -> Network.parse(text).orElseThrow())
                        .toList())
                .build();
        return check(ask(key.restricted(restrictions), ASKED.ip(ip)), Code.NETWORK_NOT_ALLOWED);
    }

    private Told app(@Nullable String asked, App... allowed) {
        Restrictions restrictions =
                new Restrictions.Builder().apps(List.of(allowed)).build();
        return check(
                ask(key.restricted(restrictions), ASKED.app(asked == null ? null : App.Asked.of(asked))),
                Code.APP_NOT_ALLOWED);
    }

    @Test
    void everyConditionIsToldInTheOrderInWhichItIsDecided() {
        Simulation.Answer answer = ask(key, ASKED);
        assertThat(answer.code()).isEqualTo(Code.VALID);
        assertThat(answer.checks())
                .extracting(Check::refusal)
                .containsExactly(
                        Code.REVOKED,
                        Code.EXPIRED,
                        Code.DISABLED,
                        Code.SUSPENDED,
                        Code.WEBSITE_NOT_ALLOWED,
                        Code.NETWORK_NOT_ALLOWED,
                        Code.APP_NOT_ALLOWED,
                        Code.PERMISSION_DENIED);
        assertThat(answer.checks())
                .extracting(Check::outcome)
                .containsExactly(HELD, NOT_SET, HELD, HELD, NOT_SET, NOT_SET, NOT_SET, NOT_SET);
        assertThat(answer.checks())
                .extracting(check -> English.of(check.says()))
                .containsExactly(
                        "The key is not revoked.",
                        "The key does not expire.",
                        "The key is not disabled.",
                        "The key's organization is not suspended.",
                        "The key is not restricted by websites.",
                        "The key is not restricted by networks.",
                        "The key is not restricted by apps.",
                        "No permission was asked for.");
        assertThat(answer.checks()).allSatisfy(check -> {
            assertThat(check.seen()).isEmpty();
            assertThat(check.nearest()).isEmpty();
        });
    }

    @Test
    void stateAndTimeAreToldAlsoAfterWhatRefuses() {
        Simulation.Answer revoked = ask(key.in(KeyState.REVOKED).expiring(NOW), ASKED);
        assertThat(revoked.code()).isEqualTo(Code.REVOKED);
        assertThat(check(revoked, Code.REVOKED).outcome()).isEqualTo(REFUSED);
        assertThat(check(revoked, Code.REVOKED).detail()).isEqualTo("The key is revoked. That can never be undone.");
        assertThat(check(revoked, Code.EXPIRED).outcome()).isEqualTo(REFUSED);
        assertThat(check(revoked, Code.EXPIRED).detail()).isEqualTo("The key expired at 2027-01-15T08:00:00Z.");

        Simulation.Answer expiring = ask(key.expiring(NOW + 1), ASKED);
        assertThat(expiring.code()).isEqualTo(Code.VALID);
        assertThat(check(expiring, Code.EXPIRED))
                .isEqualTo(new Told(
                        Code.EXPIRED,
                        HELD,
                        Optional.empty(),
                        Optional.empty(),
                        "The key expires at 2027-01-15T08:00:00.000001Z."));

        Simulation.Answer disabled = ask(key.in(KeyState.DISABLED), ASKED);
        assertThat(disabled.code()).isEqualTo(Code.DISABLED);
        assertThat(check(disabled, Code.DISABLED).detail()).isEqualTo("The key is disabled; it can be enabled.");
        assertThat(check(disabled, Code.DISABLED).outcome()).isEqualTo(REFUSED);

        Simulation.Answer suspended = new Simulation(
                        List.of(new FeedChange.Organization(TestingKey.ORGANIZATION, "acme", false, true, 1)),
                        key.change())
                .ask(ASKED, NOW);
        assertThat(suspended.code()).isEqualTo(Code.SUSPENDED);
        assertThat(check(suspended, Code.SUSPENDED).detail()).isEqualTo("The key's organization is suspended.");
        assertThat(check(suspended, Code.SUSPENDED).outcome()).isEqualTo(REFUSED);
    }

    @Test
    void whatHoldsShowsTheValueThatWasSeen() {
        assertThat(site("https://EXAMPLE.com", "https://example.com"))
                .isEqualTo(Told.held(
                        Code.WEBSITE_NOT_ALLOWED,
                        Optional.of("https://EXAMPLE.com"),
                        "https://EXAMPLE.com is allowed."));
        assertThat(network("192.0.2.1", "192.0.2.0/24"))
                .isEqualTo(Told.held(Code.NETWORK_NOT_ALLOWED, Optional.of("192.0.2.1"), "192.0.2.1 is allowed."));
        assertThat(app("ios:a.b", new App(App.Platform.IOS, "a.b", null)))
                .isEqualTo(Told.held(Code.APP_NOT_ALLOWED, Optional.of("ios:a.b"), "ios:a.b is allowed."));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://shop.example.com|https://shop.example.com|http://shop.example.com was refused: only https is allowed.",
                "https://plain.example.com|http://plain.example.com|https://plain.example.com was refused: only http is allowed.",
                "https://shop.example.com:8443|https://shop.example.com|https://shop.example.com:8443 was refused: port 443 is allowed, port 8443 is not.",
                "https://example.org|https://*.example.org|https://example.org was refused: https://*.example.org stands for the subdomains of this host, not for the host itself.",
                "https://a.shop.example.com|https://shop.example.com|https://a.shop.example.com was refused: https://shop.example.com stands for this one host, not for its subdomains.",
                "http://a.b.example.org|https://*.example.org|http://a.b.example.org was refused: only https is allowed.",
                "https://SHOP.example.con|https://shop.example.com|https://shop.example.con was refused: the nearest that is allowed is https://shop.example.com.",
                "https://evil-example.org|https://*.example.org|https://evil-example.org was refused: the nearest that is allowed is https://*.example.org."
            })
    void refusedWebsiteNamesTheNearestAndTheDifference(String origin, String nearest, String detail) {
        assertThat(site(
                        origin,
                        "https://zzz.example.net",
                        "http://plain.example.com",
                        "https://shop.example.com",
                        "https://*.example.org"))
                .isEqualTo(Told.refused(Code.WEBSITE_NOT_ALLOWED, Optional.of(origin), Optional.of(nearest), detail));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://localhost:5174|http://localhost:5173|http://localhost:5174 was refused: port 5173 is allowed, port 5174 is not.",
                "http://localhost:3001|http://localhost:3000|http://localhost:3001 was refused: port 3000 is allowed, port 3001 is not.",
                "http://localhost:2000|http://localhost:3000|http://localhost:2000 was refused: port 3000 is allowed, port 2000 is not.",
                "http://shop.example.com:8080|https://shop.example.com|http://shop.example.com:8080 was refused: https on port 443 is allowed.",
                "http://shop.example.com:443|https://shop.example.com|http://shop.example.com:443 was refused: only https is allowed.",
                "https://localhost|http://localhost:3000|https://localhost was refused: http on port 3000 is allowed.",
                "https://shop.example.con:3000|https://shop.example.com|https://shop.example.con:3000 was refused: the nearest that is allowed is https://shop.example.com."
            })
    void refusedPortNamesTheNearestPort(String origin, String nearest, String detail) {
        assertThat(site(origin, "http://localhost:3000", "http://localhost:5173", "https://shop.example.com"))
                .isEqualTo(Told.refused(Code.WEBSITE_NOT_ALLOWED, Optional.of(origin), Optional.of(nearest), detail));
    }

    @Test
    void hostThatIsParentOrChildIsNearerThanOneThatIsOnlyWrittenAlike() {
        assertThat(site("https://verylongname.ex.co", "https://verylongnam.ex.co", "https://ex.co")
                        .nearest())
                .contains("https://ex.co");
        assertThat(site("https://ex.co", "https://ex.c", "https://*.ex.co").nearest())
                .contains("https://*.ex.co");
        assertThat(site("http://a.ex.co", "http://b.ex.co", "https://*.ex.co").nearest())
                .contains("https://*.ex.co");
        assertThat(site("https://ex.co", "https://*.ex.co", "http://ex.co").nearest())
                .contains("http://ex.co");
    }

    @Test
    void websiteThatCannotBeReadIsToldSo() {
        Told none = site(null, "https://example.com");
        assertThat(none.seen()).isEmpty();
        assertThat(none.nearest()).contains("https://example.com");
        assertThat(none.detail()).startsWith("No Origin header was sent");
        Told unreadable = site("null", "https://example.com");
        assertThat(unreadable.seen()).contains("null");
        assertThat(unreadable.nearest()).contains("https://example.com");
        assertThat(unreadable.detail()).startsWith("What was sent is no origin");
        Told empty = site("https://example.com");
        assertThat(empty.outcome()).isEqualTo(REFUSED);
        assertThat(empty.nearest()).isEmpty();
        assertThat(empty.detail()).isEqualTo("The list of websites is empty, which refuses every website.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.3.1|192.0.2.0/24|192.0.3.1 was refused: the nearest that is allowed is 192.0.2.0/24.",
                "10.255.255.255|10.0.0.1|10.255.255.255 was refused: the nearest that is allowed is 10.0.0.1.",
                "2001:db8::2|2001:db8::1|2001:db8::2 was refused: the nearest that is allowed is 2001:db8::1.",
                "2001:db8:0:1::1|2001:db8::1|2001:db8:0:1::1 was refused: the nearest that is allowed is 2001:db8::1.",
                "2001:dc8::1|2001:dc0::/32|2001:dc8::1 was refused: the nearest that is allowed is 2001:dc0::/32."
            })
    void refusedAddressNamesTheNetworkThatSharesItsBeginning(String ip, String nearest, String detail) {
        assertThat(network(
                        ip,
                        "2001:db8::1",
                        "2001:dc0::/32",
                        "2001:db8:0:ff::/64",
                        "192.0.2.0/24",
                        "10.0.0.1",
                        "203.0.113.0/24"))
                .isEqualTo(Told.refused(Code.NETWORK_NOT_ALLOWED, Optional.of(ip), Optional.of(nearest), detail));
    }

    @Test
    void addressThatCannotBeReadOrIsOfTheOtherFamilyIsToldSo() {
        Told none = network(null, "192.0.2.0/24");
        assertThat(none)
                .isEqualTo(Told.refused(
                        Code.NETWORK_NOT_ALLOWED,
                        Optional.empty(),
                        Optional.of("192.0.2.0/24"),
                        "The address of the caller was not told."));
        assertThat(network("fe80::1%eth0", "192.0.2.0/24").detail()).startsWith("What was told is no IP address");
        assertThat(network("192.0.2.1").detail())
                .isEqualTo("The list of networks is empty, which refuses every address.");
        assertThat(network("192.0.2.1").nearest()).isEmpty();
        assertThat(network("2001:db8::1", "192.0.2.0/24").detail())
                .isEqualTo("2001:db8::1 was refused: only addresses of IPv4 are allowed.");
        assertThat(network("::ffff:192.0.2.1", "2001:db8::/32").detail())
                .isEqualTo("::ffff:192.0.2.1 was refused: only addresses of IPv6 are allowed.");
        assertThat(network("192.0.2.1", "2001:db8::/32").nearest()).contains("2001:db8::/32");
    }

    @Test
    void refusedAppIsToldWhatDiffers() {
        App android = new App(App.Platform.ANDROID, "com.example.shop", CERTIFICATE);
        App ios = new App(App.Platform.IOS, "org.other.App", null);
        assertThat(app(null, ios, android))
                .isEqualTo(Told.refused(
                        Code.APP_NOT_ALLOWED,
                        Optional.empty(),
                        Optional.of("ios:org.other.App"),
                        "The app was not told."));
        assertThat(app("a.b").detail()).isEqualTo("The list of apps is empty, which refuses every app.");
        assertThat(app("a.b").nearest()).isEmpty();
        assertThat(app("com.example.shops", ios, android))
                .isEqualTo(Told.refused(
                        Code.APP_NOT_ALLOWED,
                        Optional.of("com.example.shops"),
                        Optional.of(android.text()),
                        "com.example.shops was refused: the nearest that is allowed is com.example.shop."));
        assertThat(app("ios:com.example.shop", ios, android).detail())
                .isEqualTo("com.example.shop is allowed on android only.");
        assertThat(app("com.example.shop", ios, android).detail())
                .isEqualTo("com.example.shop was refused: the certificate that it is signed with was not told.");
        assertThat(app("android:com.example.shop", ios, android).detail()).endsWith("was not told.");
        assertThat(app("android:com.example.shop:" + "cd".repeat(32), ios, android)
                        .detail())
                .isEqualTo("com.example.shop was refused: it is signed with another certificate.");
        App sameOnIos = new App(App.Platform.IOS, "com.example.shop", null);
        assertThat(app("android:com.example.shop:" + "cd".repeat(32), sameOnIos, android)
                        .detail())
                .isEqualTo("com.example.shop was refused: it is signed with another certificate.");
    }

    @Test
    void whatIsOnlyObservedIsToldAndRefusesNothing() {
        Restrictions restrictions = new Restrictions.Builder()
                .websites(List.of(Website.of("https://example.com")), false)
                .networks(List.of())
                .observe(List.of(Rule.WEBSITES))
                .build();
        Simulation.Answer answer = ask(key.restricted(restrictions), ASKED.origin("https://example.org"));
        assertThat(answer.code()).isEqualTo(Code.NETWORK_NOT_ALLOWED);
        assertThat(check(answer, Code.WEBSITE_NOT_ALLOWED))
                .isEqualTo(new Told(
                        Code.WEBSITE_NOT_ALLOWED,
                        OBSERVED,
                        Optional.of("https://example.org"),
                        Optional.of("https://example.com"),
                        "https://example.org was refused: the nearest that is allowed is https://example.com."));
        assertThat(check(answer, Code.NETWORK_NOT_ALLOWED).outcome()).isEqualTo(REFUSED);
    }

    @Test
    void permissionIsToldWithWhatTheKeyHas() {
        assertThat(check(ask(key, ASKED.permission("chat.start")), Code.PERMISSION_DENIED))
                .isEqualTo(Told.held(
                        Code.PERMISSION_DENIED, Optional.of("chat.start"), "The key has the permission chat.start."));
        Simulation.Answer none = ask(key.granted(List.of()), ASKED.permission("chat.start"));
        assertThat(none.code()).isEqualTo(Code.PERMISSION_DENIED);
        assertThat(check(none, Code.PERMISSION_DENIED))
                .isEqualTo(Told.refused(
                        Code.PERMISSION_DENIED,
                        Optional.of("chat.start"),
                        Optional.empty(),
                        "The key has no permission chat.start."));
        assertThat(check(
                        ask(key.granted(List.of("orders.read", "chat.star")), ASKED.permission("chat.start")),
                        Code.PERMISSION_DENIED))
                .isEqualTo(Told.refused(
                        Code.PERMISSION_DENIED,
                        Optional.of("chat.start"),
                        Optional.of("chat.star"),
                        "The key has no permission chat.start; it has orders.read, chat.star."));
        for (int more = 0; more <= 1; more++) {
            List<String> granted =
                    IntStream.range(0, 5 + more).mapToObj(i -> "a.p" + i).toList();
            assertThat(check(ask(key.granted(granted), ASKED.permission("b.c")), Code.PERMISSION_DENIED)
                            .detail())
                    .isEqualTo("The key has no permission b.c; it has a.p0, a.p1, a.p2, a.p3, a.p4"
                            + (more == 0 ? "." : " and 1 more."));
        }
    }

    @Test
    void localDevelopmentCountsUntilItsEnd() {
        Restrictions restrictions = new Restrictions.Builder()
                .websites(List.of(), false)
                .local(new LocalDevelopment(List.of(Website.of("http://localhost:3000")), List.of(), NOW + 1))
                .build();
        Simulation simulation = new Simulation(
                List.of(TestingFeed.ACME), key.restricted(restrictions).change());
        Question local = ASKED.origin("http://localhost:3000");
        assertThat(simulation.ask(local, NOW).code()).isEqualTo(Code.VALID);
        assertThat(simulation.ask(local, NOW + 1).code()).isEqualTo(Code.WEBSITE_NOT_ALLOWED);
    }

    @Test
    void refusedWebsiteAndNetworkAreToldWhatOfLocalDevelopmentIsNearest() {
        Restrictions restrictions = new Restrictions.Builder()
                .websites(List.of(Website.of("https://example.com")), false)
                .networks(List.of(Network.parse("192.0.2.0/24").orElseThrow()))
                .local(new LocalDevelopment(
                        List.of(Website.of("http://localhost:3000")),
                        List.of(Network.parse("198.51.100.7").orElseThrow()),
                        NOW + 1))
                .build();
        Simulation simulation = new Simulation(
                List.of(TestingFeed.ACME), key.restricted(restrictions).change());
        Question local = ASKED.origin("http://localhost:3001").ip("198.51.100.8");
        assertThat(check(simulation.ask(local, NOW), Code.WEBSITE_NOT_ALLOWED).nearest())
                .contains("http://localhost:3000");
        assertThat(check(simulation.ask(local, NOW), Code.NETWORK_NOT_ALLOWED).nearest())
                .contains("198.51.100.7");
        // What counts no more is no advice.
        assertThat(check(simulation.ask(local, NOW + 1), Code.WEBSITE_NOT_ALLOWED)
                        .nearest())
                .contains("https://example.com");
        assertThat(check(simulation.ask(local, NOW + 1), Code.NETWORK_NOT_ALLOWED)
                        .nearest())
                .contains("192.0.2.0/24");
    }

    @Test
    void oneConditionIsToldAloneForTheTimeOfItsRefusal() {
        Restrictions restrictions = new Restrictions.Builder()
                .websites(List.of(), false)
                .local(new LocalDevelopment(List.of(Website.of("http://localhost:3000")), List.of(), NOW))
                .build();
        Simulation simulation = new Simulation(
                List.of(TestingFeed.ACME),
                key.granted(List.of()).restricted(restrictions).change());
        Question local = ASKED.origin("http://localhost:3000").permission("chat.start");
        Check before = simulation.why(Code.WEBSITE_NOT_ALLOWED, local, NOW - 1);
        assertThat(before.refusal()).isEqualTo(Code.WEBSITE_NOT_ALLOWED);
        assertThat(before.outcome()).isEqualTo(HELD);
        assertThat(simulation.why(Code.WEBSITE_NOT_ALLOWED, local, NOW).outcome())
                .isEqualTo(REFUSED);
        assertThat(simulation.why(Code.APP_NOT_ALLOWED, local, NOW).outcome()).isEqualTo(NOT_SET);
        assertThat(English.of(simulation.why(Code.PERMISSION_DENIED, local, NOW).says()))
                .isEqualTo("The key has no permission chat.start.");
        assertThat(simulation.why(Code.EXPIRED, local, NOW).outcome()).isEqualTo(NOT_SET);
        assertThat(simulation.why(Code.DISABLED, local, NOW).outcome()).isEqualTo(HELD);
        assertThat(simulation.why(Code.SUSPENDED, local, NOW).outcome()).isEqualTo(HELD);
        assertThat(simulation.why(Code.REVOKED, local, NOW).outcome()).isEqualTo(HELD);
        assertThatIllegalArgumentException().isThrownBy(() -> simulation.why(Code.UNKNOWN, local, NOW));
    }

    @Test
    void generationIsGoodWhileItsOverlapLasts() {
        TestingKey rotated = key.regenerate(NOW + 1, TestingKey.random(6));
        Simulation simulation = new Simulation(List.of(TestingFeed.ACME), rotated.change());
        assertThat(simulation.whyGeneration(1, NOW).outcome()).isEqualTo(HELD);
        assertThat(simulation.whyGeneration(1, NOW + 1).outcome()).isEqualTo(REFUSED);
        assertThat(English.of(simulation.whyGeneration(1, NOW + 1).says()))
                .isEqualTo("The token of generation 1 was replaced by a newer one: the key is at generation 2.");
        assertThat(simulation.whyGeneration(2, NOW + 1).outcome()).isEqualTo(HELD);
        Simulation revoked = new Simulation(
                List.of(TestingFeed.ACME), rotated.in(KeyState.REVOKED).change());
        assertThat(English.of(revoked.whyGeneration(1, NOW).says())).startsWith("The key is revoked.");
    }

    @Test
    void permissionThatTheOperatorsCatalogueWithholdsIsToldApartFromOneThatTheKeyLacks() {
        FeedChange.Catalogue catalogue = new FeedChange.Catalogue(
                2,
                List.of(
                        new FeedChange.Permitted("chat.start", Map.of(KeyType.WEB, 0L)),
                        new FeedChange.Permitted("chat.read", Map.of(KeyType.WEB, 2L)),
                        new FeedChange.Permitted("orders.read", Map.of())));
        for (TestingKey of : List.of(key, key.granted(List.of("chat.*", "orders.*")))) {
            assertThat(why(catalogue, of, "chat.start")).isEqualTo("The key has the permission chat.start.");
            assertThat(why(catalogue, of, "chat.read"))
                    .isEqualTo(
                            "The permission chat.read came into the operator's catalogue after this key's permissions"
                                    + " were set; set them again to take it over.");
            assertThat(why(catalogue, of, "orders.read"))
                    .isEqualTo("The operator's catalogue does not allow web keys the permission orders.read.");
            assertThat(why(catalogue, of, "keys.verify"))
                    .isEqualTo("The permission keys.verify is given by its name only, and this key does not name it.");
            assertThat(why(catalogue, of, "chat.*"))
                    .isEqualTo("chat.* is no permission: it must be resource.action, without wildcards.");
        }
        assertThat(why(catalogue, key.granted(List.of("orders.read")), "chat.read"))
                .isEqualTo("The key has no permission chat.read; it has orders.read.");
    }

    private static String why(FeedChange.Catalogue catalogue, TestingKey of, String permission) {
        Simulation simulation = new Simulation(List.of(TestingFeed.ACME, catalogue), of.change());
        return check(simulation.ask(ASKED.permission(permission), NOW), Code.PERMISSION_DENIED)
                .detail();
    }
}
