package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * Promise: no key may do what the operator's catalogue does not allow its type, and what is added to the catalogue later is
 * never given to a key by itself.
 */
class CatalogueTest {
    private static final List<String> PERMISSIONS =
            List.of("chat.start", "chat.stop", "orders.read", "orders.start", "keys.verify", "keys.list");
    private static final List<String> GRANTS =
            List.of("chat.start", "chat.*", "*.start", "*.*", "orders.read", "keys.*", "keys.verify");

    private final TestingFeed feed = TestingFeed.of();
    private final TestingKey key = TestingKey.issue(TestingKey.random(20));

    private static FeedChange.Catalogue catalogue(long version, Map<String, Long> web) {
        return new FeedChange.Catalogue(
                version,
                web.entrySet().stream()
                        .map(e -> new FeedChange.Permitted(e.getKey(), Map.of(KeyType.WEB, e.getValue())))
                        .toList());
    }

    private Code code(TestingKey asked, String permission) {
        return new Verifier(feed.replica, () -> 0)
                .verify(Question.of(asked.token()).permission(permission))
                .code();
    }

    private boolean may(TestingKey asked, String permission) {
        return code(asked, permission) == Code.VALID;
    }

    @Example
    void withoutACatalogueEverythingIsAsGranted() {
        feed.apply(key);
        assertThat(may(key, "whatever.is-asked")).isTrue();
        TestingKey chat = key.granted(List.of("chat.*"));
        feed.apply(chat);
        assertThat(may(chat, "chat.start")).isTrue();
        assertThat(may(chat, "orders.read")).isFalse();
    }

    @Example
    void firstCatalogueLeavesOlderKeysWhatItAllowsTheirType() {
        feed.apply(key);
        feed.apply(new FeedChange.Catalogue(
                1,
                List.of(
                        new FeedChange.Permitted("chat.start", Map.of(KeyType.WEB, 0L, KeyType.SERVER, 0L)),
                        new FeedChange.Permitted("orders.read", Map.of(KeyType.SERVER, 0L)))));
        assertThat(may(key, "chat.start")).isTrue();
        assertThat(may(key, "orders.read")).as("not for a web key").isFalse();
        assertThat(may(key, "chat.stop")).as("for nobody").isFalse();
    }

    @Example
    void ceilingHoldsForWhatAKeyNamesToTheLetter() {
        TestingKey named = key.granted(List.of("orders.read"), 1);
        feed.apply(named);
        feed.apply(catalogue(1, Map.of("chat.start", 0L)));
        assertThat(may(named, "orders.read")).isFalse();
        feed.apply(catalogue(2, Map.of("chat.start", 0L, "orders.read", 2L)));
        assertThat(may(named, "orders.read")).as("named, however late it came").isTrue();
    }

    @Example
    void whatIsAddedLaterIsNotGivenToExistingKeys() {
        feed.apply(catalogue(1, Map.of("chat.start", 0L)));
        feed.apply(catalogue(2, Map.of("chat.start", 0L, "chat.stop", 2L)));
        for (List<String> wide : new ArrayList<>(List.of(List.of("chat.*"), List.of("*.stop", "*.start")))) {
            assertWide(wide);
        }
        assertWide(null);
    }

    private void assertWide(@Nullable List<String> wide) {
        TestingKey before = TestingKey.issue(TestingKey.random(21)).granted(wide, 1);
        TestingKey after = TestingKey.issue(TestingKey.random(22)).granted(wide, 2);
        feed.apply(before);
        feed.apply(after);
        assertThat(may(before, "chat.start")).isTrue();
        assertThat(may(before, "chat.stop")).isFalse();
        assertThat(may(after, "chat.stop")).isTrue();
    }

    @Example
    void whatWasTakenAwayAndAddedAgainCountsAsNew() {
        TestingKey wide = key.granted(List.of("chat.*"), 1);
        feed.apply(wide);
        feed.apply(catalogue(1, Map.of("chat.start", 0L)));
        assertThat(may(wide, "chat.start")).isTrue();
        feed.apply(catalogue(2, Map.of()));
        assertThat(may(wide, "chat.start")).isFalse();
        feed.apply(catalogue(3, Map.of("chat.start", 3L)));
        assertThat(may(wide, "chat.start")).isFalse();
    }

    @Example
    void olderCatalogueNeverReplacesANewerOne() {
        feed.apply(key);
        feed.apply(catalogue(2, Map.of()));
        feed.apply(catalogue(1, Map.of("chat.start", 0L)));
        assertThat(may(key, "chat.start")).isFalse();
    }

    @Example
    void newSnapshotBringsItsOwnCatalogueOrNone() {
        feed.apply(key);
        feed.apply(catalogue(2, Map.of()));
        feed.snapshot(feed.replica.number(), key);
        assertThat(may(key, "chat.start")).as("as of a database without one").isTrue();
    }

    @Example
    void reservedPermissionsAreNeitherGivenNorTakenByACatalogue() {
        TestingKey asker = key.granted(List.of("keys.verify"), 0);
        feed.apply(asker);
        feed.apply(catalogue(1, Map.of()));
        assertThat(may(asker, "keys.verify")).isTrue();
        TestingKey wide = key.granted(List.of("*.*", "keys.*"), 9);
        feed.apply(wide);
        feed.apply(catalogue(2, Map.of("keys.verify", 0L)));
        assertThat(may(wide, "keys.verify")).isFalse();
    }

    @Example
    void questionWithoutAPermissionIsNotHeldToTheCatalogue() {
        feed.apply(key);
        feed.apply(catalogue(1, Map.of()));
        assertThat(feed.code(key)).isEqualTo(Code.VALID);
    }

    /** Asked often enough to tell, whatever the compiler has made of it by then. */
    @Example
    void askingForAPermissionAllocatesNothing() {
        ReplicaCatalogue now = ReplicaCatalogue.of(catalogue(1, Map.of("chat.start", 0L, "chat.stop", 0L)));
        List<Permissions> all = List.of(
                Permissions.of(null, 1),
                Permissions.of(List.of("orders.*", "a.b", "*.steal", "chat.*"), 1),
                Permissions.of(List.of("orders.*", "chat.start"), 1));
        allocated(all, now);
        assertThat(allocated(all, now)).isLessThan(10_000);
    }

    private static long allocated(List<Permissions> all, ReplicaCatalogue now) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            if (!all.get(i % all.size()).grant("chat.start", now, KeyType.WEB)) {
                throw new AssertionError("refused");
            }
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** What happens to a catalogue and a key, in this order. */
    sealed interface Step {
        /** The whole catalogue is set: which types may have which permission. */
        record Set(Map<String, java.util.Set<KeyType>> allowed) implements Step {}

        /** The key's permissions are set; nothing for all of its type. */
        record Grant(@Nullable List<String> list) implements Step {}
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Set<KeyType>> types =
                Arbitraries.of(KeyType.class).set().ofMinSize(1).map(EnumSet::copyOf);
        Arbitrary<Step> set =
                Arbitraries.maps(Arbitraries.of(PERMISSIONS), types).map(Step.Set::new);
        Arbitrary<Step> grant = Arbitraries.of(GRANTS)
                .list()
                .uniqueElements()
                .ofMaxSize(3)
                .injectNull(0.3)
                .map(Step.Grant::new);
        return Arbitraries.oneOf(set, grant).list().ofMaxSize(8);
    }

    /**
     * A second implementation, without versions: it remembers of each key what its wildcards, or the absence of its list,
     * stood for when they were given, and strikes out what is taken out of the catalogue.
     */
    private static final class Simple {
        private @Nullable Map<String, Set<KeyType>> catalogue;
        private @Nullable List<String> list;
        private Set<String> wide = new HashSet<>(PERMISSIONS);

        void take(Step step, KeyType type) {
            switch (step) {
                case Step.Set(var allowed) -> {
                    catalogue = allowed;
                    wide.removeIf(p -> !allows(p, type));
                }
                case Step.Grant(var granted) -> {
                    list = granted;
                    wide = new HashSet<>(PERMISSIONS);
                    wide.removeIf(p -> !allows(p, type));
                }
            }
        }

        private boolean allows(String permission, KeyType type) {
            return catalogue == null
                    || catalogue.getOrDefault(permission, Set.of()).contains(type);
        }

        boolean may(String permission, KeyType type) {
            boolean named = list != null && list.contains(permission);
            if (permission.equals("keys.verify")) {
                return named;
            }
            return allows(permission, type) && (named || (wide.contains(permission) && covered(permission)));
        }

        private boolean covered(String permission) {
            return list == null
                    || list.stream()
                            .anyMatch(g ->
                                    permission.matches(g.replace(".", "\\.").replace("*", "[^.]*")));
        }
    }

    @Property(tries = 3000)
    void verdictsAgreeWithASecondImplementation(@ForAll("steps") List<Step> steps, @ForAll KeyType type) {
        Simple simple = new Simple();
        Map<String, Map<KeyType, Long>> since = new HashMap<>();
        ReplicaTable table = new ReplicaTable();
        Permissions permissions = Permissions.of(null, 0);
        long version = 0;
        for (Step step : steps) {
            simple.take(step, type);
            switch (step) {
                case Step.Set(var allowed) -> {
                    version++;
                    since = next(since, version, allowed);
                    List<FeedChange.Permitted> permitted = new ArrayList<>();
                    since.forEach((p, types) -> permitted.add(new FeedChange.Permitted(p, types)));
                    table.apply(new FeedChange.Catalogue(version, permitted));
                }
                case Step.Grant(var list) -> permissions = Permissions.of(list, version);
            }
            for (String permission : PERMISSIONS) {
                assertThat(permissions.grant(permission, table.catalogue(), type))
                        .as("%s of a %s key after %s", permission, type, steps)
                        .isEqualTo(simple.may(permission, type));
            }
        }
    }

    /** As the control plane numbers them. */
    private static Map<String, Map<KeyType, Long>> next(
            Map<String, Map<KeyType, Long>> before, long version, Map<String, Set<KeyType>> allowed) {
        Map<String, Map<KeyType, Long>> after = new HashMap<>();
        allowed.forEach((permission, types) -> {
            Map<KeyType, Long> each = new HashMap<>();
            for (KeyType type : types) {
                long since = version == 1 ? 0 : version;
                each.put(type, before.getOrDefault(permission, Map.of()).getOrDefault(type, since));
            }
            after.put(permission, each);
        });
        return after;
    }
}
