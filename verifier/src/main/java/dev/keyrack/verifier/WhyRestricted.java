package dev.keyrack.verifier;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Says why a restriction holds or does not: rule, value seen, nearest allowed value. */
final class WhyRestricted {
    private static final int MOST_COMPARED = 200;

    private final Restrictions restrictions;
    private final Question question;
    private final CallerReader caller = new CallerReader();
    private final LongSupplier now;

    WhyRestricted(Restrictions restrictions, Question question, LongSupplier now) {
        this.restrictions = restrictions;
        this.question = question;
        this.now = now;
    }

    Check check(Rule rule) {
        if (!restrictions.isSet(rule)) {
            return Check.notSet(rule.refusal(), Sentence.of("why.not-restricted", rule.text()));
        }
        if (restrictions.holds(rule, question, caller, now)) {
            return Check.held(
                    rule.refusal(),
                    seen(rule),
                    Sentence.of("why.allowed", seen(rule).orElse("")));
        }
        Check refused = switch (rule) {
            case WEBSITES -> website();
            case NETWORKS -> network();
            case APPS -> app();
        };
        return restrictions.observed(rule) ? refused.observed() : refused;
    }

    private Optional<String> seen(Rule rule) {
        return switch (rule) {
            case WEBSITES -> Optional.ofNullable(question.origin());
            case NETWORKS -> Optional.ofNullable(question.ip());
            case APPS -> Optional.ofNullable(question.app()).map(App.Asked::text);
        };
    }

    private Check website() {
        String text = question.origin();
        List<Website> allowed = new ArrayList<>(restrictions.websites().orElse(List.of()));
        local().ifPresent(local -> allowed.addAll(local.websites()));
        if (text == null) {
            return website(allowed, Optional.empty(), Sentence.of("why.no-origin"));
        }
        OriginReader origin = caller.origin();
        if (!origin.read(text)) {
            return website(allowed, Optional.empty(), Sentence.of("why.origin-unreadable"));
        }
        if (allowed.isEmpty()) {
            return website(allowed, Optional.empty(), Sentence.of("why.no-websites"));
        }
        Website here = new Website(origin.https(), false, origin.hostText(), origin.port());
        Website nearest = nearest(here, allowed);
        return website(
                allowed,
                Optional.of(nearest.text()),
                Sentence.of("why.refused", here.text(), difference(here, nearest)));
    }

    private Check website(List<Website> allowed, Optional<String> nearest, Sentence why) {
        Optional<String> first = allowed.stream().map(Website::text).findFirst();
        return Check.refused(Code.WEBSITE_NOT_ALLOWED, seen(Rule.WEBSITES), nearest.or(() -> first), why);
    }

    /** Hosts that are equal, or parent and child, come before those that are only written alike. */
    private static Website nearest(Website here, List<Website> allowed) {
        int best =
                allowed.stream().mapToInt(website -> rank(here, website)).min().orElseThrow();
        Map<Website, Integer> distances = new LinkedHashMap<>();
        allowed.stream()
                .filter(website -> rank(here, website) == best)
                .limit(MOST_COMPARED)
                .forEach(website -> distances.put(website, distance(here, website)));
        return Collections.min(distances.entrySet(), Map.Entry.comparingByValue())
                .getKey();
    }

    /** In characters of the host, and then in ports. */
    private static int distance(Website here, Website website) {
        return Likeness.distance(here.host(), website.host()) * 0x1_0000 + Math.abs(here.port() - website.port());
    }

    /** What counts for local development, while it does. */
    private Optional<LocalDevelopment> local() {
        return restrictions.local().filter(local -> now.getAsLong() < local.until());
    }

    private static int rank(Website here, Website website) {
        boolean same = here.host().equals(website.host());
        boolean under = here.host().endsWith("." + website.host());
        if (website.subdomains() ? under : same) {
            return here.https() == website.https() ? 0 : 1;
        }
        return same || under ? 2 : 3;
    }

    private static Sentence difference(Website here, Website allowed) {
        if (rank(here, allowed) <= 1) {
            if (here.https() == allowed.https()) {
                return Sentence.of("why.other-port", String.valueOf(allowed.port()), String.valueOf(here.port()));
            }
            String scheme = allowed.https() ? "https" : "http";
            return allowed.port() == here.port() || (here.hasDefaultPort() && allowed.hasDefaultPort())
                    ? Sentence.of("why.other-scheme", scheme)
                    : Sentence.of("why.other-scheme-and-port", scheme, String.valueOf(allowed.port()));
        }
        if (here.host().equals(allowed.host())) {
            return Sentence.of("why.subdomains-only", allowed.text());
        }
        if (here.host().endsWith("." + allowed.host())) {
            return Sentence.of("why.host-only", allowed.text());
        }
        return Sentence.of("why.nearest", allowed.text());
    }

    private Check network() {
        List<Network> allowed = new ArrayList<>(restrictions.networks().orElse(List.of()));
        local().ifPresent(local -> allowed.addAll(local.networks()));
        String text = question.ip();
        AddressReader address = caller.address();
        boolean readable = text != null && address.read(text);
        Sentence why;
        Optional<Network> nearest = Optional.empty();
        if (text == null) {
            why = Sentence.of("why.no-address");
        } else if (!readable) {
            why = Sentence.of("why.address-unreadable");
        } else if (allowed.isEmpty()) {
            why = Sentence.of("why.no-networks");
        } else {
            nearest = allowed.stream()
                    .filter(network -> network.four() == address.four())
                    .max(Comparator.comparingInt(network -> network.shared(address)));
            why = nearest.map(network -> Sentence.of("why.refused", text, Sentence.of("why.nearest", network.text())))
                    .orElse(Sentence.of("why.other-version", text, address.four() ? "IPv6" : "IPv4"));
        }
        return Check.refused(
                Code.NETWORK_NOT_ALLOWED,
                seen(Rule.NETWORKS),
                nearest.or(() -> allowed.stream().findFirst()).map(Network::text),
                why);
    }

    private Check app() {
        List<App> allowed = restrictions.apps().orElse(List.of());
        App.Asked asked = question.app();
        Optional<App> nearest = asked == null
                ? allowed.stream().findFirst()
                : allowed.stream()
                        .min(Comparator.<App>comparingInt(app -> Likeness.distance(asked.id(), app.id()))
                                .thenComparing(app -> asked.platform() != null && asked.platform() != app.platform()));
        Sentence why;
        if (asked == null) {
            why = Sentence.of("why.no-app");
        } else if (nearest.isEmpty()) {
            why = Sentence.of("why.no-apps");
        } else if (!nearest.get().id().equals(asked.id())) {
            why = Sentence.of(
                    "why.refused",
                    asked.id(),
                    Sentence.of("why.nearest", nearest.get().id()));
        } else if (asked.platform() != null && asked.platform() != nearest.get().platform()) {
            why = Sentence.of(
                    "why.other-platform", asked.id(), nearest.get().platform().text());
        } else {
            why = asked.certificate() == null
                    ? Sentence.of("why.no-certificate", asked.id())
                    : Sentence.of("why.other-certificate", asked.id());
        }
        return Check.refused(Code.APP_NOT_ALLOWED, seen(Rule.APPS), nearest.map(App::text), why);
    }
}
