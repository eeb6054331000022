package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Promise: restrictions are what they were made of, hold where all of them hold, and cost a verification no memory. */
class RestrictionsTest {
    private static final Website SITE = Website.of("https://example.com");
    private static final Website LOCAL_SITE = Website.of("http://localhost:3000");
    private static final Network NETWORK = Network.parse("192.0.2.0/24").orElseThrow();
    private static final Network LOCAL_NETWORK = Network.parse("203.0.113.7").orElseThrow();
    private static final App APP = new App(App.Platform.ANDROID, "com.example.shop", "ab".repeat(32));
    private static final App PHONE = new App(App.Platform.IOS, "com.example.Shop", null);
    private static final long UNTIL = 1_000;

    /** What restrictions are made of. */
    record Parts(
            @Nullable List<Website> websites,
            boolean any,
            @Nullable List<Network> networks,
            @Nullable List<App> apps,
            Set<Rule> observed,
            @Nullable LocalDevelopment local) {
        Restrictions build() {
            Restrictions.Builder builder = new Restrictions.Builder().observe(observed);
            if (websites != null) {
                builder.websites(new ArrayList<>(websites), any);
            }
            if (networks != null) {
                builder.networks(new ArrayList<>(networks));
            }
            if (apps != null) {
                builder.apps(new ArrayList<>(apps));
            }
            if (local != null) {
                builder.local(new LocalDevelopment(local.websites(), local.networks(), local.until()));
            }
            return builder.build();
        }

        boolean holds(Rule rule, Question question, long now) {
            boolean here = local != null && now < local.until();
            return switch (rule) {
                case WEBSITES -> {
                    var origin = Optional.ofNullable(question.origin()).flatMap(SlowReaders::origin);
                    yield websites == null
                            || origin.isPresent()
                                    && (any
                                            || websites.stream().anyMatch(origin.get()::is)
                                            || here && local.websites().stream().anyMatch(origin.get()::is));
                }
                case NETWORKS -> {
                    var address = Optional.ofNullable(question.ip()).flatMap(SlowReaders::address);
                    yield networks == null
                            || address.isPresent()
                                    && (in(networks, address.get()) || here && in(local.networks(), address.get()));
                }
                case APPS ->
                    apps == null || question.app() != null && apps.stream().anyMatch(app -> is(app, question.app()));
            };
        }

        private static boolean in(List<Network> networks, SlowReaders.Address address) {
            return networks.stream()
                    .anyMatch(network ->
                            SlowReaders.block(network.text()).orElseThrow().contains(address));
        }

        private static boolean is(App app, App.Asked asked) {
            return List.of("", app.platform().text())
                            .contains(
                                    asked.platform() == null
                                            ? ""
                                            : asked.platform().text())
                    && app.id().equals(asked.id())
                    && (app.certificate() == null || app.certificate().equals(asked.certificate()));
        }
    }

    @Provide
    Arbitrary<Parts> parts() {
        Arbitrary<List<Network>> networks = Sources.networks().list().ofMaxSize(4);
        Arbitrary<LocalDevelopment> local = Combinators.combine(
                        Sources.websites().list().ofMaxSize(2), networks)
                .as((sites, blocks) -> new LocalDevelopment(sites, blocks, UNTIL));
        return Combinators.combine(
                        Sources.websites().list().ofMaxSize(12).injectNull(0.3),
                        Arbitraries.of(true, false, false),
                        networks.injectNull(0.3),
                        Arbitraries.of(APP, PHONE).list().ofMaxSize(2).injectNull(0.5),
                        Arbitraries.of(Rule.class).set().ofMaxSize(3),
                        local.injectNull(0.5))
                .as(Parts::new);
    }

    @Provide
    Arbitrary<Question> questions() {
        Arbitrary<App.Asked> apps = Arbitraries.of(APP.text(), PHONE.text(), PHONE.id(), APP.id(), "x.y")
                .map(App.Asked::of);
        return Combinators.combine(
                        Arbitraries.oneOf(Sources.origins(), Sources.nearOrigins())
                                .injectNull(0.1),
                        Arbitraries.oneOf(Sources.addresses(), Sources.nearNetworks())
                                .injectNull(0.1),
                        apps.injectNull(0.2))
                .as((origin, ip, app) -> Question.of("t").origin(origin).ip(ip).app(app));
    }

    @Property(tries = 3000)
    void holdsWhereTheSecondImplementationSaysSo(@ForAll("parts") Parts parts, @ForAll("questions") Question question) {
        Restrictions restrictions = parts.build();
        for (long now : new long[] {UNTIL - 1, UNTIL}) {
            int failed = 0;
            for (Rule rule : Rule.values()) {
                boolean holds = parts.holds(rule, question, now);
                assertThat(restrictions.holds(rule, question, new CallerReader(), () -> now))
                        .as("%s %s", rule, parts)
                        .isEqualTo(holds);
                failed |= holds ? 0 : 1 << List.of(Rule.values()).indexOf(rule);
            }
            assertThat(restrictions.failed(question, new CallerReader(), () -> now))
                    .isEqualTo(failed);
            Set<Rule> refusing = EnumSet.copyOf(
                    Restrictions.SETS.get(failed).isEmpty()
                            ? EnumSet.noneOf(Rule.class)
                            : Restrictions.SETS.get(failed));
            refusing.removeAll(parts.observed());
            assertThat(Restrictions.SETS.get(restrictions.refusing(failed))).isEqualTo(refusing);
        }
    }

    @Property
    void partsAreReadBackAsTheyWereGiven(@ForAll("parts") Parts parts) {
        Restrictions restrictions = parts.build();
        boolean any = parts.any() && parts.websites() != null;
        assertThat(restrictions.anyWebsite()).isEqualTo(any);
        assertThat(restrictions.websites().map(Set::copyOf))
                .isEqualTo(Optional.ofNullable(parts.websites()).map(list -> any ? Set.of() : Set.copyOf(list)));
        assertThat(restrictions.networks())
                .isEqualTo(Optional.ofNullable(parts.networks())
                        .map(NetworkSet::pack)
                        .map(NetworkSet::unpack));
        assertThat(restrictions.apps()).isEqualTo(Optional.ofNullable(parts.apps()));
        assertThat(restrictions.observed()).isEqualTo(parts.observed());
        assertThat(restrictions.observesAny()).isEqualTo(!parts.observed().isEmpty());
        assertThat(restrictions.isEmpty())
                .isEqualTo(parts.websites() == null && parts.networks() == null && parts.apps() == null);
        assertThat(restrictions.local().map(LocalDevelopment::until))
                .isEqualTo(Optional.ofNullable(parts.local()).map(LocalDevelopment::until));
        assertThat(restrictions.local().map(LocalDevelopment::websites))
                .isEqualTo(Optional.ofNullable(parts.local())
                        .map(local -> List.copyOf(new LinkedHashSet<>(local.websites()))));
        assertThat(restrictions.local().map(LocalDevelopment::networks))
                .isEqualTo(Optional.ofNullable(parts.local())
                        .map(local -> NetworkSet.unpack(NetworkSet.pack(local.networks()))));
    }

    @Property
    void whatIsMadeOfTheSameIsEqualAndWhatDiffersIsNot(@ForAll("parts") Parts one, @ForAll("parts") Parts other) {
        Restrictions restrictions = one.build();
        assertThat(restrictions).isEqualTo(one.build()).hasSameHashCodeAs(one.build());
        boolean same = restrictions.websites().equals(other.build().websites())
                && restrictions.networks().equals(other.build().networks())
                && restrictions.apps().equals(other.build().apps())
                && restrictions.observed().equals(other.build().observed())
                && restrictions.anyWebsite() == other.build().anyWebsite()
                && restrictions.local().equals(other.build().local());
        assertThat(restrictions.equals(other.build())).isEqualTo(same);
    }

    @Test
    void eachPartMakesADifference() {
        Parts whole = new Parts(
                List.of(SITE),
                false,
                List.of(NETWORK),
                List.of(APP),
                Set.of(Rule.APPS),
                new LocalDevelopment(List.of(LOCAL_SITE), List.of(LOCAL_NETWORK), UNTIL));
        List<Parts> others = List.of(
                new Parts(null, false, whole.networks, whole.apps, whole.observed, whole.local),
                new Parts(whole.websites, true, whole.networks, whole.apps, whole.observed, whole.local),
                new Parts(List.of(), false, whole.networks, whole.apps, whole.observed, whole.local),
                new Parts(whole.websites, false, List.of(), whole.apps, whole.observed, whole.local),
                new Parts(whole.websites, false, whole.networks, List.of(PHONE), whole.observed, whole.local),
                new Parts(whole.websites, false, whole.networks, whole.apps, Set.of(), whole.local),
                new Parts(whole.websites, false, whole.networks, whole.apps, whole.observed, null),
                new Parts(
                        whole.websites,
                        false,
                        whole.networks,
                        whole.apps,
                        whole.observed,
                        new LocalDevelopment(List.of(LOCAL_SITE), List.of(LOCAL_NETWORK), UNTIL + 1)));
        Set<Restrictions> all = new LinkedHashSet<>();
        others.forEach(parts -> all.add(parts.build()));
        all.add(whole.build());
        assertThat(all).hasSize(others.size() + 1);
        // Any website with a list, and without one, differ from an empty list in this alone.
        assertThat(new Parts(List.of(), true, null, null, Set.of(), null).build())
                .isNotEqualTo(new Parts(List.of(), false, null, null, Set.of(), null).build());
        assertThat(whole.build())
                .isNotEqualTo(null)
                .isNotEqualTo("Restrictions")
                .hasSameHashCodeAs(whole.build());
        assertThat(Restrictions.NONE).isEqualTo(new Restrictions.Builder().build());
    }

    @Test
    void textNamesWhatIsSetAndNoValue() {
        Restrictions restrictions = new Restrictions.Builder()
                .websites(List.of(SITE), false)
                .apps(List.of(APP))
                .observe(List.of(Rule.APPS))
                .build();
        assertThat(restrictions).hasToString("Restrictions[websites, apps (observed)]");
        assertThat(Restrictions.NONE).hasToString("Restrictions[]");
    }

    @Test
    void namesOfRulesAreThoseOfTheApi() {
        assertThat(Rule.of("websites")).contains(Rule.WEBSITES);
        assertThat(Rule.of("networks")).contains(Rule.NETWORKS);
        assertThat(Rule.of("apps")).contains(Rule.APPS);
        assertThat(Rule.of("WEBSITES")).isEmpty();
        assertThat(Rule.of("")).isEmpty();
        for (Rule rule : Rule.values()) {
            assertThat(Rule.of(rule.text())).contains(rule);
            assertThat(rule.refusal().name())
                    .startsWith(rule.text().substring(0, 3).toUpperCase(java.util.Locale.ROOT));
        }
    }

    @Test
    void equalRestrictionsOfManyKeysAreOneObject() {
        TestingKey one = TestingKey.issue(TestingKey.random(1)).restricted(restrictions());
        TestingKey two = TestingKey.issue(TestingKey.random(2)).restricted(restrictions());
        TestingFeed feed = TestingFeed.of(one, two);
        assertThat(held(feed, one)).isSameAs(held(feed, two)).isEqualTo(restrictions());
    }

    private static Restrictions held(TestingFeed feed, TestingKey key) {
        return feed.ask(key.token()).about().orElseThrow().restrictions();
    }

    private static Restrictions restrictions() {
        List<Website> websites = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            websites.add(Website.of("https://*.s" + i + ".example"));
        }
        websites.add(SITE);
        return new Restrictions.Builder()
                .websites(websites, false)
                .networks(List.of(NETWORK, Network.parse("2001:db8::/32").orElseThrow()))
                .apps(List.of(PHONE, APP))
                .observe(List.of(Rule.APPS))
                .local(new LocalDevelopment(List.of(LOCAL_SITE), List.of(LOCAL_NETWORK), UNTIL))
                .build();
    }

    /** Asked often enough to tell, whatever the compiler has made of it by then. A verdict has 24 bytes, or 32. */
    @Test
    void verificationAllocatesNothingButTheVerdict() {
        TestingKey key = TestingKey.issue(TestingKey.random(1)).restricted(restrictions());
        Verifier verifier = new Verifier(TestingFeed.of(key).replica, () -> 0);
        Question asked = Question.of(key.token()).permission("chat.start");
        List<Question> questions = List.of(
                asked.origin("https://www.S7.example").ip("192.0.2.1").app(App.Asked.of(APP.text())),
                asked.origin("http://localhost:3000").ip("2001:DB8::192.0.2.1"),
                asked.origin("https://evil.example").ip("198.51.100.1").app(App.Asked.of("x.y")),
                asked.origin("https://example.com").ip("::ffff:198.51.100.1"),
                asked.origin("null"));
        allocated(verifier, questions);
        assertThat(allocated(verifier, questions) / 10_000).isLessThanOrEqualTo(32);
    }

    private static long allocated(Verifier verifier, List<Question> questions) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int valid = 0;
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            valid += verifier.verify(questions.get(i % questions.size())).code() == Code.VALID ? 1 : 0;
        }
        long after = threads.getCurrentThreadAllocatedBytes();
        assertThat(valid).isEqualTo(4_000);
        return after - before;
    }
}
