package dev.keyrack.server.credentials;

import dev.keyrack.server.http.Problem;
import dev.keyrack.verifier.Network;
import dev.keyrack.verifier.Rule;
import dev.keyrack.verifier.Sentence;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to change of a key's restrictions; what is empty stays. A second, inner emptiness removes a list (RFC 7396).
 *
 * @param clear whether all that was set goes first
 * @param wide where the networks that are wide stand in what was sent
 */
record RestrictionsPatch(
        boolean clear,
        Optional<Optional<List<String>>> websites,
        Optional<Boolean> anyWebsite,
        Optional<Optional<List<String>>> networks,
        List<String> wide,
        Optional<Optional<List<KeyRestrictions.AppEntry>>> apps,
        Optional<List<String>> observe,
        Optional<Boolean> allowWide) {

    /** Whatever was added for local development stays as it was. */
    KeyRestrictions applyTo(KeyRestrictions former) {
        KeyRestrictions before = clear ? KeyRestrictions.NONE : former;
        List<String> sites = after(websites, before.websites());
        boolean removed = websites.isPresent() && sites == null;
        boolean any = anyWebsite.orElse(before.anyWebsite() && !removed);
        List<String> allowedSites = any && sites == null ? List.of() : sites;
        List<String> allowedNetworks = after(networks, before.networks());
        List<KeyRestrictions.AppEntry> allowedApps = after(apps, before.apps());
        // What is not set cannot be observed: else a list that is set much later would refuse nobody.
        List<String> observed = observe.orElse(before.observe() == null ? List.of() : before.observe()).stream()
                .filter(rule -> switch (Rule.of(rule).orElseThrow()) {
                    case WEBSITES -> allowedSites != null;
                    case NETWORKS -> allowedNetworks != null;
                    case APPS -> allowedApps != null;
                })
                .toList();
        return new KeyRestrictions(
                allowedSites,
                any,
                allowedNetworks,
                allowedApps,
                observed.isEmpty() ? null : observed,
                allowWide.orElse(before.allowWide()),
                former.local());
    }

    /** What does not fit of networks, if this is what the restrictions become: each as it was sent. */
    List<Problem.FieldError> refusals(KeyRestrictions after) {
        if (after.allowWide()) {
            return List.of();
        }
        if (networks.isPresent()) {
            return wide.stream()
                    .map(pointer -> new Problem.FieldError(pointer, Sentence.of("problem.network-wide")))
                    .toList();
        }
        List<String> kept = after.networks() == null ? List.of() : after.networks();
        return kept.stream()
                .filter(network -> KeyRules.isWide(Network.parse(network).orElseThrow()))
                .findFirst()
                .map(network -> new Problem.FieldError(
                        "/restrictions/allowWide", Sentence.of("problem.network-wide-kept", network)))
                .stream()
                .toList();
    }

    private static <T> @Nullable T after(Optional<Optional<T>> wanted, @Nullable T before) {
        return wanted.isPresent() ? wanted.get().orElse(null) : before;
    }
}
