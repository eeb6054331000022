package dev.keyrack.verifier;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The conditions on the caller of a key, as a verifier tests them. All that are set must hold; what the caller did not tell,
 * or what cannot be read, holds nowhere. Immutable; equal ones may be shared by any number of keys.
 *
 * <p>Laid out for memory: three websites and a network of a key's own cost some 150 bytes.
 */
public final class Restrictions {
    private static final Rule[] RULES = Rule.values();
    private static final int WEBSITES = bit(Rule.WEBSITES);
    private static final int NETWORKS = bit(Rule.NETWORKS);
    private static final int APPS = bit(Rule.APPS);

    /** A key that may be used from anywhere. */
    public static final Restrictions NONE = new Builder().build();

    private final byte @Nullable [] websites;
    private final byte @Nullable [] networks;
    private final @Nullable Rest rest;
    private final byte observed;
    private final boolean anyWebsite;

    /**
     * What few keys have.
     *
     * @param local websites and networks that count until then, beside the lists
     */
    private record Rest(@Nullable List<App> apps, @Nullable Restrictions local, long until) {}

    private Restrictions(Builder from) {
        this.websites = from.websites == null ? null : WebsiteSet.pack(from.websites);
        this.networks = from.networks == null ? null : NetworkSet.pack(from.networks);
        this.observed = (byte) from.observed;
        this.anyWebsite = from.anyWebsite;
        this.rest = from.apps == null && from.local == null ? null : rest(from.apps, from.local);
    }

    private static Rest rest(@Nullable List<App> apps, @Nullable LocalDevelopment local) {
        return local == null
                ? new Rest(apps, null, 0)
                : new Rest(
                        apps,
                        new Builder()
                                .websites(local.websites(), false)
                                .networks(local.networks())
                                .build(),
                        local.until());
    }

    /** Restrictions being put together. What is not named is not set. */
    public static final class Builder {
        private @Nullable List<Website> websites;
        private @Nullable List<Network> networks;
        private @Nullable List<App> apps;
        private @Nullable LocalDevelopment local;
        private int observed;
        private boolean anyWebsite;

        /** @param any whether every origin will do, whatever the list */
        public Builder websites(Collection<Website> only, boolean any) {
            websites = any ? List.of() : List.copyOf(only);
            anyWebsite = any;
            return this;
        }

        public Builder networks(Collection<Network> only) {
            networks = List.copyOf(only);
            return this;
        }

        public Builder apps(Collection<App> only) {
            apps = List.copyOf(only);
            return this;
        }

        /** Restrictions that refuse nothing, and only tell what they would have refused. */
        public Builder observe(Collection<Rule> rules) {
            for (Rule rule : rules) {
                observed |= bit(rule);
            }
            return this;
        }

        public Builder local(LocalDevelopment development) {
            local = development;
            return this;
        }

        public Restrictions build() {
            return new Restrictions(this);
        }
    }

    @SuppressWarnings("EnumOrdinal") // packed into a byte; never leaves this process
    private static int bit(Rule rule) {
        return 1 << rule.ordinal();
    }

    /** These rules, a bit for each. */
    static int bits(Set<Rule> rules) {
        int bits = 0;
        for (Rule rule : rules) {
            bits |= bit(rule);
        }
        return bits;
    }

    boolean observed(Rule rule) {
        return (observed & bit(rule)) != 0;
    }

    /** The rules that do not hold, a bit for each: see {@link #SETS}. */
    int failed(Question question, CallerReader caller, LongSupplier now) {
        return (websitesHold(question, caller, now) ? 0 : WEBSITES)
                | (networksHold(question, caller, now) ? 0 : NETWORKS)
                | (appsHold(question) ? 0 : APPS);
    }

    /**
     * Reads the beginning of what {@link #failed} will read, so that it comes out of memory while the caller does something
     * else. What it returns means nothing, but must be kept somewhere: reading for nothing is left out.
     */
    int fetch() {
        return (websites == null ? 0 : websites.length) + (networks == null ? 0 : networks.length);
    }

    /** What of {@link #failed} refuses, and is not only observed. */
    int refusing(int failed) {
        return failed & ~observed;
    }

    /** Whether there are rules that are only observed. */
    boolean observesAny() {
        return observed != 0;
    }

    /** The first of these rules. */
    static Rule first(int rules) {
        return RULES[Integer.numberOfTrailingZeros(rules)];
    }

    /** Whether there is nothing to test. */
    boolean isEmpty() {
        return websites == null && networks == null && (rest == null || rest.apps == null);
    }

    /** The websites, each once; nothing when they are not restricted. */
    public Optional<List<Website>> websites() {
        return Optional.ofNullable(websites).map(WebsiteSet::unpack);
    }

    /** Whether every origin that can be read is allowed, whatever the list. */
    public boolean anyWebsite() {
        return anyWebsite;
    }

    /** The networks in order, without those that lie in another one; nothing when they are not restricted. */
    public Optional<List<Network>> networks() {
        return Optional.ofNullable(networks).map(NetworkSet::unpack);
    }

    /** The apps; nothing when they are not restricted. */
    public Optional<List<App>> apps() {
        return Optional.ofNullable(rest == null ? null : rest.apps);
    }

    /** What was added for local development, whether its time is over or not. */
    public Optional<LocalDevelopment> local() {
        if (rest == null || rest.local == null) {
            return Optional.empty();
        }
        return Optional.of(new LocalDevelopment(
                rest.local.websites().orElse(List.of()), rest.local.networks().orElse(List.of()), rest.until));
    }

    /** The restrictions that refuse nothing, and only tell what they would have refused. */
    public Set<Rule> observed() {
        return SETS.get(observed);
    }

    boolean isSet(Rule rule) {
        return switch (rule) {
            case WEBSITES -> websites != null;
            case NETWORKS -> networks != null;
            case APPS -> rest != null && rest.apps != null;
        };
    }

    /** Whether a restriction holds for what is asked; one that is not set always does. */
    boolean holds(Rule rule, Question question, CallerReader caller, LongSupplier now) {
        return switch (rule) {
            case WEBSITES -> websitesHold(question, caller, now);
            case NETWORKS -> networksHold(question, caller, now);
            case APPS -> appsHold(question);
        };
    }

    private boolean websitesHold(Question question, CallerReader caller, LongSupplier now) {
        if (websites == null) {
            return true;
        }
        String text = question.origin();
        OriginReader origin = caller.origin();
        if (text == null || !origin.read(text)) {
            return false;
        }
        if (anyWebsite || WebsiteSet.contains(websites, origin)) {
            return true;
        }
        Restrictions local = local(now);
        return local != null && local.websites != null && WebsiteSet.contains(local.websites, origin);
    }

    private boolean networksHold(Question question, CallerReader caller, LongSupplier now) {
        if (networks == null) {
            return true;
        }
        String text = question.ip();
        AddressReader address = caller.address();
        if (text == null || !address.read(text)) {
            return false;
        }
        if (NetworkSet.contains(networks, address)) {
            return true;
        }
        Restrictions local = local(now);
        return local != null && local.networks != null && NetworkSet.contains(local.networks, address);
    }

    /** What counts for local development, while it does. */
    private @Nullable Restrictions local(LongSupplier now) {
        return rest != null && rest.local != null && now.getAsLong() < rest.until ? rest.local : null;
    }

    private boolean appsHold(Question question) {
        if (rest == null || rest.apps == null) {
            return true;
        }
        App.Asked asked = question.app();
        if (asked != null) {
            for (int i = 0; i < rest.apps.size(); i++) {
                if (asked.is(rest.apps.get(i))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Restrictions o
                        && observed == o.observed
                        && anyWebsite == o.anyWebsite
                        && Arrays.equals(websites, o.websites)
                        && Arrays.equals(networks, o.networks)
                        && Objects.equals(rest, o.rest));
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(websites), Arrays.hashCode(networks), rest, observed, anyWebsite);
    }

    /** Names what is set, and no value. */
    @Override
    public String toString() {
        List<String> set = new ArrayList<>();
        for (Rule rule : Rule.values()) {
            if (isSet(rule)) {
                set.add(rule.text() + (observed(rule) ? " (observed)" : ""));
            }
        }
        return "Restrictions" + set;
    }

    /** The sets of rules, by one bit for each, so that a verdict about observed rules allocates none. */
    static final List<Set<Rule>> SETS = sets();

    private static List<Set<Rule>> sets() {
        List<Set<Rule>> all = new ArrayList<>();
        for (int bits = 0; bits < 1 << Rule.values().length; bits++) {
            Set<Rule> rules = EnumSet.noneOf(Rule.class);
            for (Rule rule : Rule.values()) {
                if ((bits & bit(rule)) != 0) {
                    rules.add(rule);
                }
            }
            all.add(Collections.unmodifiableSet(rules));
        }
        return List.copyOf(all);
    }
}
