package dev.keyrack.server.accounts;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an organization chose for itself.
 *
 * @param accentColor the colour of its buttons, {@code #rrggbb}; nothing for Keyrack's own. Black or white text is legible
 *     on every colour: one of the two always has a contrast of at least 4.5 : 1
 * @param conversationDays how many days a conversation is kept after the last thing that was said in it; nothing where
 *     nobody chose
 */
public record OrganizationSettings(
        @Nullable String accentColor, @Nullable Long conversationDays) {
    static final OrganizationSettings NONE = new OrganizationSettings(null, null);

    /** What nobody chose. */
    public static final long USUAL_CONVERSATION_DAYS = 90;

    static final long MOST_CONVERSATION_DAYS = 365;
    private static final JsonMapper JSON = JsonMapper.shared();

    static OrganizationSettings parse(String text, @Nullable Long conversationDays) {
        JsonNode node = JSON.readTree(text);
        return new OrganizationSettings(node.path("accentColor").stringValue(null), conversationDays);
    }

    OrganizationSettings withAccentColor(@Nullable String colour) {
        return new OrganizationSettings(colour, conversationDays);
    }

    OrganizationSettings withConversationDays(@Nullable Long days) {
        return new OrganizationSettings(accentColor, days);
    }

    /** How many days conversations are kept, whether somebody chose that or not. */
    long keptConversationDays() {
        return conversationDays == null ? USUAL_CONVERSATION_DAYS : conversationDays;
    }

    /** All but the days, which have a column of their own. */
    String text() {
        ObjectNode node = JSON.createObjectNode();
        if (accentColor != null) {
            node.put("accentColor", accentColor);
        }
        return JSON.writeValueAsString(node);
    }

    /** What is chosen here and is another choice there, for the audit trail. */
    @Nullable
    Map<String, ?> chosenOtherwiseThan(OrganizationSettings other) {
        Map<String, Object> chosen = new HashMap<>();
        if (accentColor != null && !accentColor.equals(other.accentColor)) {
            chosen.put("accentColor", accentColor);
        }
        if (conversationDays != null && !conversationDays.equals(other.conversationDays)) {
            chosen.put("conversationDays", conversationDays);
        }
        return chosen.isEmpty() ? null : chosen;
    }
}
