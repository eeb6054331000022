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
            return Check.notSet(rule.refusal(), "The key is not restricted by " + rule.text() + ".");
        }
        if (restrictions.holds(rule, question, caller, now)) {
            return Check.held(rule.refusal(), seen(rule), seen(rule).orElse("") + " is allowed.");
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
            return website(
                    allowed,
                    Optional.empty(),
                    "No Origin header was sent: browsers send one from a page, programs and apps do not.");
        }
        OriginReader origin = caller.origin();
        if (!origin.read(text)) {
            return website(
                    allowed,
                    Optional.empty(),
                    "What was sent is no origin of a website: it must be http or https, a host and perhaps a port. A page"
                            + " from a file, and one in a sandboxed frame, have none.");
        }
        if (allowed.isEmpty()) {
            return website(allowed, Optional.empty(), "The list of websites is empty, which refuses every website.");
        }
        Website here = new Website(origin.https(), false, origin.hostText(), origin.port());
        Website nearest = nearest(here, allowed);
        return website(
                allowed, Optional.of(nearest.text()), here.text() + " was refused: " + difference(here, nearest));
    }

    private Check website(List<Website> allowed, Optional<String> nearest, String detail) {
        Optional<String> first = allowed.stream().map(Website::text).findFirst();
        return Check.refused(Code.WEBSITE_NOT_ALLOWED, seen(Rule.WEBSITES), nearest.or(() -> first), detail);
    }

    /** Hosts that are equal, or parent and child, come before those that are only written alike. */
    private static Website nearest(Website here, List<Website> allowed) {
        int best =
                allowed.stream().mapToInt(website -> rank(here, website)).min().orElseThrow();
        Map<Website, Integer> distances = new LinkedHashMap<>();
        allowed.stream()
                .filter(website -> rank(here, website) == best)
                .limit(MOST_COMPARED)
                .forEach(website -> distances.put(website, Likeness.distance(here.host(), website.host())));
        return Collections.min(distances.entrySet(), Map.Entry.comparingByValue())
                .getKey();
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

    private static String difference(Website here, Website allowed) {
        if (rank(here, allowed) <= 1) {
            return here.https() == allowed.https()
                    ? "only port " + allowed.port() + " is allowed, not " + here.port() + "."
                    : "only " + (allowed.https() ? "https" : "http") + " is allowed.";
        }
        if (here.host().equals(allowed.host())) {
            return allowed.text() + " stands for the subdomains of this host, not for the host itself.";
        }
        if (here.host().endsWith("." + allowed.host())) {
            return allowed.text() + " stands for this one host, not for its subdomains.";
        }
        return "the nearest that is allowed is " + allowed.text() + ".";
    }

    private Check network() {
        List<Network> allowed = new ArrayList<>(restrictions.networks().orElse(List.of()));
        local().ifPresent(local -> allowed.addAll(local.networks()));
        String text = question.ip();
        AddressReader address = caller.address();
        boolean readable = text != null && address.read(text);
        String detail;
        Optional<Network> nearest = Optional.empty();
        if (text == null) {
            detail = "The address of the caller was not told.";
        } else if (!readable) {
            detail = "What was told is no IP address: it must be like 192.0.2.7 or 2001:db8::1, without a zone.";
        } else if (allowed.isEmpty()) {
            detail = "The list of networks is empty, which refuses every address.";
        } else {
            nearest = allowed.stream()
                    .filter(network -> network.four() == address.four())
                    .max(Comparator.comparingInt(network -> network.shared(address)));
            detail = nearest.map(
                            network -> text + " was refused: the nearest that is allowed is " + network.text() + ".")
                    .orElse(text + " was refused: only addresses of " + (address.four() ? "IPv6" : "IPv4")
                            + " are allowed.");
        }
        return Check.refused(
                Code.NETWORK_NOT_ALLOWED,
                seen(Rule.NETWORKS),
                nearest.or(() -> allowed.stream().findFirst()).map(Network::text),
                detail);
    }

    private Check app() {
        List<App> allowed = restrictions.apps().orElse(List.of());
        App.Asked asked = question.app();
        Optional<App> nearest = asked == null
                ? allowed.stream().findFirst()
                : allowed.stream().min(Comparator.comparingInt(app -> Likeness.distance(asked.id(), app.id())));
        String detail;
        if (asked == null) {
            detail = "The app was not told.";
        } else if (nearest.isEmpty()) {
            detail = "The list of apps is empty, which refuses every app.";
        } else if (!nearest.get().id().equals(asked.id())) {
            detail = asked.id() + " was refused: the nearest that is allowed is "
                    + nearest.get().id() + ".";
        } else if (asked.platform() != null && asked.platform() != nearest.get().platform()) {
            detail = asked.id() + " is allowed on " + nearest.get().platform().text() + " only.";
        } else {
            detail = asked.certificate() == null
                    ? asked.id() + " was refused: the certificate that it is signed with was not told."
                    : asked.id() + " was refused: it is signed with another certificate.";
        }
        return Check.refused(Code.APP_NOT_ALLOWED, seen(Rule.APPS), nearest.map(App::text), detail);
    }
}
