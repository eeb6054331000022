package dev.keyrack.server.accounts;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an organization chose for itself.
 *
 * @param accentColor the colour of its buttons, {@code #rrggbb}; nothing for Keyrack's own. Black or white text is legible
 *     on every colour: one of the two always has a contrast of at least 4.5 : 1
 */
public record OrganizationSettings(@Nullable String accentColor) {
    static final OrganizationSettings NONE = new OrganizationSettings(null);
    private static final JsonMapper JSON = JsonMapper.shared();

    static OrganizationSettings parse(String text) {
        JsonNode node = JSON.readTree(text);
        return new OrganizationSettings(node.path("accentColor").stringValue(null));
    }

    String text() {
        ObjectNode node = JSON.createObjectNode();
        if (accentColor != null) {
            node.put("accentColor", accentColor);
        }
        return JSON.writeValueAsString(node);
    }
}
