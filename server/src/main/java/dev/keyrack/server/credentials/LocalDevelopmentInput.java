package dev.keyrack.server.credentials;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.verifier.Network;
import dev.keyrack.verifier.Sentence;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads "I'm developing locally": the developer's own page and address, for some hours. */
final class LocalDevelopmentInput {
    private static final int DEFAULT_HOURS = 8;
    private static final int MOST_HOURS = 168;
    private static final long MICROS_OF_AN_HOUR = Duration.ofHours(1).toNanos() / 1_000;

    /** A port where the address of a website has it: after the host, which an IPv6 address in brackets can be. */
    private static final Pattern PORT = Pattern.compile("^[a-zA-Z]+://(?:\\[[^\\]]*\\]|[^/?#\\\\:]*):[0-9]");

    private LocalDevelopmentInput() {}

    /**
     * What stands in the field {@code localDevelopment}; nothing when it is null, which ends it.
     *
     * @param seen the address that the request came from, as far as it is known, where it does not say another one
     * @param now microseconds since 1970
     */
    static Optional<KeyRestrictions.Local> read(
            JsonInput in, RestrictionsInput websites, Optional<String> seen, long now) {
        if (in.isNull("localDevelopment")) {
            return Optional.empty();
        }
        JsonInput from = in.object("localDevelopment");
        if (from == null) {
            return Optional.empty();
        }
        List<String> sites = from.has("website")
                ? from.string("website")
                        .flatMap(entry -> local(websites, from, entry))
                        .map(List::of)
                        .orElse(List.of())
                : List.of();
        List<String> networks = from.has("address")
                ? from.string("address")
                        .flatMap(entry -> network(from, entry))
                        .map(List::of)
                        .orElse(List.of())
                : seen(from, seen);
        long hours = from.has("hours") ? from.number("hours", 1, MOST_HOURS) : DEFAULT_HOURS;
        from.noOthers();
        return Optional.of(new KeyRestrictions.Local(sites, networks, now + hours * MICROS_OF_AN_HOUR));
    }

    private static List<String> seen(JsonInput in, Optional<String> seen) {
        if (seen.isEmpty()) {
            in.error(in.pointer("address"), Sentence.of("problem.own-address-required"));
        }
        return seen.flatMap(Network::parse)
                .map(network -> List.of(network.text()))
                .orElse(List.of());
    }

    private static Optional<String> local(RestrictionsInput websites, JsonInput in, JsonInput.Text entry) {
        Optional<String> website = websites.websiteAt(in, entry);
        if (website.isPresent() && !isLocal(website.get())) {
            in.error(entry.pointer(), Sentence.of("problem.local-website"));
            return Optional.empty();
        }
        if (website.isPresent() && !PORT.matcher(entry.text().strip()).find()) {
            in.error(entry.pointer(), Sentence.of("problem.local-port"));
            return Optional.empty();
        }
        return website;
    }

    private static boolean isLocal(String website) {
        String host = website.replaceFirst("^https?://", "").replaceFirst(":[0-9]+$", "");
        return host.equals("localhost")
                || (host.endsWith(".localhost") && host.indexOf('*') < 0)
                || host.equals("[::1]")
                || host.matches("127\\.[0-9.]+");
    }

    /** The developer's own address, with a mask if it changes; bits after it do not matter here. */
    private static Optional<String> network(JsonInput in, JsonInput.Text entry) {
        Optional<Network> network = Network.around(entry.text().strip());
        if (network.isEmpty()) {
            in.error(entry.pointer(), Sentence.of("problem.local-network"));
        } else if (KeyRules.isWide(network.get())) {
            in.error(entry.pointer(), Sentence.of("problem.local-network-wide"));
            return Optional.empty();
        }
        return network.map(Network::text);
    }
}
