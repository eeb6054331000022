package dev.keyrack.server.permissions;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.feed.Confirmation;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Requests;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Permissions;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The catalogue of permissions over HTTP. */
@RestController
@RequestMapping(path = "/api/v1/permissions", produces = MediaType.APPLICATION_JSON_VALUE)
public final class PermissionsApi {
    private static final int MAX_ENTRIES = 1_000;
    private static final int MAX_DESCRIPTION = 200;
    private static final Sentence TYPES = Sentence.of("problem.key-types");

    /** Those over other keys, which are in every catalogue. */
    private static final Map<String, String> BUILT_IN = Map.of(
            "keys.verify", "Ask whether keys of the organization are good; of all, when it is the operator's",
            "keys.replicate", "Hold the keys of the organization in memory, and follow their changes");

    private final PermissionCatalogue catalogue;

    public PermissionsApi(PermissionCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    record PermissionBody(String permission, String description, List<String> types, boolean builtIn) {
        private static PermissionBody of(String permission, Catalogue.Entry entry) {
            return new PermissionBody(
                    permission,
                    entry.description(),
                    entry.since().keySet().stream().map(KeyType::text).toList(),
                    false);
        }

        static List<PermissionBody> all(Catalogue catalogue) {
            List<PermissionBody> all = new ArrayList<>();
            BUILT_IN.forEach((permission, description) ->
                    all.add(new PermissionBody(permission, description, List.of(KeyType.SERVER.text()), true)));
            catalogue.entries().forEach((permission, entry) -> all.add(of(permission, entry)));
            all.sort(Comparator.comparing(PermissionBody::permission));
            return all;
        }
    }

    record CatalogueAnswer(long version, List<PermissionBody> permissions) {}

    record ReplacedAnswer(long version, List<PermissionBody> permissions, Confirmation confirmation) {}

    @GetMapping
    ResponseEntity<CatalogueAnswer> get(Caller caller) {
        Catalogue now = catalogue.get();
        return ResponseEntity.ok()
                .eTag(Requests.etag(now.version()))
                .body(new CatalogueAnswer(now.version(), PermissionBody.all(now)));
    }

    @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ReplacedAnswer> replace(Caller caller, HttpServletRequest request) {
        catalogue.requireRight(caller);
        JsonInput in = Requests.body(request);
        Map<String, Catalogue.Wanted> wanted = wanted(in);
        in.finish();
        PermissionCatalogue.Replaced done =
                catalogue.replace(caller, wanted, version -> Requests.requireMatch(request, version));
        Catalogue now = done.catalogue();
        return ResponseEntity.ok()
                .eTag(Requests.etag(now.version()))
                .body(new ReplacedAnswer(now.version(), PermissionBody.all(now), done.confirmation()));
    }

    /** What is built in may be named as it is, so that an answer can be edited and sent back. */
    static Map<String, Catalogue.Wanted> wanted(JsonInput in) {
        Map<String, Catalogue.Wanted> wanted = new LinkedHashMap<>();
        for (JsonInput entry : in.objects("permissions", MAX_ENTRIES)) {
            String permission = entry.text("permission", Permissions::isQuestion, Sentence.of("problem.permission"));
            Catalogue.Wanted one =
                    new Catalogue.Wanted(entry.name("description", MAX_DESCRIPTION), types(entry, permission));
            boolean reserved = Permissions.RESERVED.contains(permission);
            if (entry.has("builtIn") && entry.bool("builtIn") != reserved) {
                in.error(entry.pointer("builtIn"), Sentence.of("problem.built-in"));
            }
            entry.noOthers();
            if (Permissions.isQuestion(permission) && wanted.put(permission, one) != null) {
                in.error(entry.pointer("permission"), Sentence.of("problem.twice-in-catalogue"));
            }
        }
        wanted.keySet().removeAll(Permissions.RESERVED);
        return wanted;
    }

    private static Set<KeyType> types(JsonInput entry, String permission) {
        Set<KeyType> types = EnumSet.noneOf(KeyType.class);
        for (String type :
                entry.texts("types", KeyType.values().length, t -> KeyType.of(t).isPresent(), TYPES)) {
            types.add(KeyType.of(type).orElseThrow());
        }
        if (entry.isEmptyList("types")) {
            entry.error(entry.pointer("types"), Sentence.of("problem.no-type"));
        } else if (Permissions.RESERVED.contains(permission) && !types.equals(Set.of(KeyType.SERVER))) {
            entry.error(entry.pointer("types"), Sentence.of("problem.built-in-types", permission));
        }
        return types;
    }
}
