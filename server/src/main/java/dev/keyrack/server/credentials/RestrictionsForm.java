package dev.keyrack.server.credentials;

import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.portal.Form;
import dev.keyrack.verifier.Network;
import dev.keyrack.verifier.Website;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Restrictions as a form: for each list whether it is set, and its entries, one a line. An app is its platform, id and
 * certificate with spaces between.
 */
final class RestrictionsForm {
    private static final List<String> LISTS = List.of("websites", "networks", "apps");

    private RestrictionsForm() {}

    /** The restrictions of a key as the form shows them. */
    static Form saved(Key key) {
        KeyRestrictions is = key.restrictions();
        Map<String, List<String>> values = new HashMap<>();
        list(values, "websites", is.websites());
        list(values, "networks", is.networks());
        List<KeyRestrictions.AppEntry> apps = is.apps();
        list(
                values,
                "apps",
                apps == null ? null : apps.stream().map(RestrictionsForm::line).toList());
        if (is.anyWebsite()) {
            values.put("restrictions.anyWebsite", List.of("on"));
        }
        if (is.allowWide()) {
            values.put("restrictions.allowWide", List.of("on"));
        }
        List<String> observe = is.observe();
        values.put("restrictions.observe", observe == null ? List.of() : observe);
        values.put(KeyTab.VERSION, List.of(String.valueOf(key.version())));
        return Form.ofMany(values);
    }

    private static void list(Map<String, List<String>> values, String name, @Nullable List<String> entries) {
        values.put("set-" + name, List.of(entries == null ? "no" : "yes"));
        values.put("restrictions." + name, List.of(entries == null ? "" : String.join("\n", entries)));
    }

    private static String line(KeyRestrictions.AppEntry app) {
        String certificate = app.certificateSha256();
        return app.platform() + " " + app.id() + (certificate == null ? "" : " " + certificate);
    }

    /** What the form says, as the API reads it. */
    static JsonInput input(FormBody body, Form form) {
        body.bool("restrictions.allowWide").list("restrictions.observe");
        for (String name : LISTS) {
            String field = "restrictions." + name;
            if (!form.has("set-" + name, "yes")) {
                body.putNull(field);
            } else if (name.equals("apps")) {
                body.objects(field, "platform", "id", "certificateSha256");
            } else {
                body.list(field);
            }
        }
        // Without a list of websites there is nothing that any website would be an exception from.
        return (form.has("set-websites", "yes") ? body.bool("restrictions.anyWebsite") : body).input();
    }

    /** @param entry what was added to the form; empty where nothing was */
    record Added(Form form, String entry) {}

    /** The form with the website or address of a refusal in it, as the link beside the refusal asks. */
    static Added adding(Form form, @Nullable String origin, @Nullable String address) {
        return website(origin)
                .map(website -> with(form, "websites", website))
                .or(() -> network(address).map(network -> with(form, "networks", network)))
                .orElseGet(() -> new Added(form, ""));
    }

    private static Added with(Form form, String name, String entry) {
        String field = "restrictions." + name;
        List<String> lines = form.value(field).lines().toList();
        return lines.contains(entry)
                ? new Added(form, "")
                : new Added(
                        form.with("set-" + name, "yes")
                                .with(
                                        field,
                                        Stream.concat(lines.stream(), Stream.of(entry))
                                                .collect(Collectors.joining("\n"))),
                        entry);
    }

    /** A website that a list can have, as it is written there. */
    static Optional<String> website(@Nullable String origin) {
        return origin != null && Website.read(origin) instanceof Website.Reading.Read(Website website, String dropped)
                ? Optional.of(website.text())
                : Optional.empty();
    }

    /** An address that a list can have, as it is written there. */
    static Optional<String> network(@Nullable String address) {
        return Optional.ofNullable(address).flatMap(Network::parse).map(Network::text);
    }
}
