package dev.keyrack.server.credentials;

import com.google.common.hash.Hashing;
import dev.keyrack.server.http.Times;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Restrictions as the audit trail shows them: whole where they are short. */
final class RestrictionsAudit {
    private static final int MOST_SHOWN = 50;

    private RestrictionsAudit() {}

    /** What is set. A long list is shown by its beginning, its length and a digest, so that every change of it shows. */
    static Object described(KeyRestrictions restrictions) {
        Map<String, Object> all = new LinkedHashMap<>();
        put(all, "websites", restrictions.websites());
        if (restrictions.anyWebsite()) {
            all.put("anyWebsite", true);
        }
        put(all, "networks", restrictions.networks());
        put(all, "apps", restrictions.apps());
        put(all, "observe", restrictions.observe());
        KeyRestrictions.Local local = restrictions.local();
        if (local != null) {
            all.put(
                    "localDevelopment",
                    Map.of(
                            "websites", local.websites(),
                            "networks", local.networks(),
                            "until", Times.text(local.until())));
        }
        return all.isEmpty() ? "none" : all;
    }

    private static void put(Map<String, Object> all, String name, @Nullable List<?> list) {
        if (list == null) {
            return;
        }
        List<String> shown = new ArrayList<>();
        for (Object entry : list.subList(0, Math.min(list.size(), MOST_SHOWN))) {
            shown.add(
                    entry instanceof KeyRestrictions.AppEntry app ? app.platform() + ":" + app.id() : entry.toString());
        }
        if (list.size() > MOST_SHOWN) {
            shown.add("and " + (list.size() - MOST_SHOWN) + " more, sha256:"
                    + Hashing.sha256().hashString(list.toString(), StandardCharsets.UTF_8));
        }
        all.put(name, shown);
    }
}
