package dev.keyrack.server.credentials;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Notice;
import dev.keyrack.verifier.App;
import dev.keyrack.verifier.Network;
import dev.keyrack.verifier.Rule;
import dev.keyrack.verifier.Sentence;
import dev.keyrack.verifier.Website;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads the restrictions that a caller wrote, and notes what was understood otherwise than it was written. */
final class RestrictionsInput {
    static final int MAX_WEBSITES = 1_000;
    static final int MAX_NETWORKS = 10_000;
    static final int MAX_APPS = 100;

    /** More is not told: an answer must not be longer than the question. */
    private static final int MAX_NOTICES = 100;

    private final List<Notice> notices = new ArrayList<>();
    private final List<String> wide = new ArrayList<>();
    private List<String> observe = List.of();

    /** @param saved what the restrictions became */
    List<Notice> notices(KeyRestrictions saved) {
        List<String> kept = saved.observe() == null ? List.of() : saved.observe();
        Stream<Notice> dropped = IntStream.range(0, observe.size())
                .filter(i -> !kept.contains(observe.get(i)))
                .mapToObj(i -> new Notice(
                        "/restrictions/observe/" + i, Sentence.of("notice.observe-not-set", observe.get(i))));
        return Stream.concat(dropped, notices.stream()).limit(MAX_NOTICES).toList();
    }

    /** Those in the field {@code restrictions}, which must be there. */
    RestrictionsPatch read(JsonInput in) {
        if (in.isNull("restrictions")) {
            return patch(true);
        }
        JsonInput from = in.object("restrictions");
        if (from == null) {
            return patch(false);
        }
        RestrictionsPatch patch = new RestrictionsPatch(
                false,
                list(from, "websites", this::websites),
                flag(from, "anyWebsite"),
                list(from, "networks", this::networks),
                List.copyOf(wide),
                list(from, "apps", this::apps),
                from.has("observe")
                        ? Optional.of(from.isNull("observe") ? List.of() : observed(from))
                        : Optional.empty(),
                flag(from, "allowWide"));
        from.noOthers();
        return patch;
    }

    private static RestrictionsPatch patch(boolean clear) {
        return new RestrictionsPatch(
                clear,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static <T> Optional<Optional<List<T>>> list(JsonInput in, String field, Function<JsonInput, List<T>> read) {
        if (!in.has(field)) {
            return Optional.empty();
        }
        return Optional.of(in.isNull(field) ? Optional.empty() : Optional.of(read.apply(in)));
    }

    /** null is what it is when nobody says anything: false. */
    private static Optional<Boolean> flag(JsonInput in, String field) {
        return in.has(field) ? Optional.of(!in.isNull(field) && in.bool(field)) : Optional.empty();
    }

    private List<String> observed(JsonInput in) {
        observe = in.texts(
                "observe",
                Rule.values().length,
                text -> Rule.of(text).isPresent(),
                Sentence.of("problem.restriction-name"));
        return observe;
    }

    private List<String> websites(JsonInput in) {
        Set<String> websites = new LinkedHashSet<>();
        for (JsonInput.Text entry : in.strings("websites", MAX_WEBSITES)) {
            websiteAt(in, entry).ifPresent(website -> add(websites, website, entry));
        }
        return List.copyOf(websites);
    }

    /** One website, where it is asked for alone. */
    Optional<String> websiteAt(JsonInput in, JsonInput.Text entry) {
        switch (Website.read(entry.text().strip())) {
            case Website.Reading.Refused(Sentence why) -> in.error(entry.pointer(), why);
            case Website.Reading.Read(Website website, String dropped) -> {
                if (website.subdomains() && PublicSuffixes.has(website.host())) {
                    in.error(entry.pointer(), Sentence.of("problem.public-suffix", website.host()));
                } else {
                    if (!dropped.isEmpty() && !dropped.equals("/")) {
                        notices.add(
                                new Notice(entry.pointer(), Sentence.of("notice.website-shortened", website.text())));
                    }
                    return Optional.of(website.text());
                }
            }
        }
        return Optional.empty();
    }

    private void add(Set<String> to, String canonical, JsonInput.Text entry) {
        if (!to.add(canonical)) {
            notices.add(new Notice(entry.pointer(), Sentence.of("notice.same", canonical)));
        }
    }

    private List<String> networks(JsonInput in) {
        Set<String> networks = new LinkedHashSet<>();
        for (JsonInput.Text entry : in.strings("networks", MAX_NETWORKS)) {
            String text = entry.text().strip();
            Optional<Network> network = Network.parse(text);
            if (network.isPresent()) {
                add(networks, network.get().text(), entry);
                if (KeyRules.isWide(network.get())) {
                    wide.add(entry.pointer());
                }
            } else {
                in.error(
                        entry.pointer(),
                        Network.around(text)
                                .map(around -> Sentence.of("problem.network-bits", around.text()))
                                .orElse(Sentence.of("problem.network")));
            }
        }
        return List.copyOf(networks);
    }

    private List<KeyRestrictions.AppEntry> apps(JsonInput in) {
        Set<KeyRestrictions.AppEntry> apps = new LinkedHashSet<>();
        for (JsonInput entry : in.objects("apps", MAX_APPS)) {
            app(entry).ifPresent(app -> apps.add(KeyRestrictions.AppEntry.of(app)));
        }
        return List.copyOf(apps);
    }

    private static Optional<App> app(JsonInput in) {
        Optional<App.Platform> platform = App.Platform.of(
                in.text("platform", text -> App.Platform.of(text).isPresent(), Sentence.of("problem.platform")));
        boolean ios = platform.equals(Optional.of(App.Platform.IOS));
        String id = in.text(
                "id",
                text -> platform.isEmpty() || platform.get().hasId(text),
                Sentence.of(ios ? "problem.bundle-id" : "problem.package-name"));
        String certificate = null;
        if (platform.equals(Optional.of(App.Platform.ANDROID))) {
            certificate = App.fingerprint(in.text(
                            "certificateSha256",
                            text -> App.fingerprint(text).isPresent(),
                            Sentence.of("problem.certificate")))
                    .orElse(null);
        }
        in.noOthers();
        boolean whole = platform.isPresent() && !id.isEmpty() && (ios || certificate != null);
        return whole ? Optional.of(new App(platform.get(), id, certificate)) : Optional.empty();
    }
}
