package dev.keyrack.server.components;

import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.portal.Form;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The options as fields of a form, and back. */
final class ComponentForm {
    /** The radio buttons that say whether conversations have an end. */
    private static final String LIMIT_KIND = "messageLimit-kind";

    private static final String LIMITED = "limited";

    private ComponentForm() {}

    static Form of(ComponentOptions options, long version) {
        Map<String, List<String>> fields = new HashMap<>();
        fields.put("version", List.of(String.valueOf(version)));
        fields.put("title", List.of(options.title()));
        fields.put("locale", List.of(options.locale()));
        fields.put("scheme", List.of(options.scheme()));
        fields.put("accent", List.of(options.accent()));
        fields.put("privacyUrl", List.of(Objects.requireNonNullElse(options.privacyUrl(), "")));
        fields.put("termsUrl", List.of(Objects.requireNonNullElse(options.termsUrl(), "")));
        fields.put("introMessages", List.of(String.join("\n", options.introMessages())));
        fields.put("button.size", List.of(String.valueOf(options.button().size())));
        fields.put("button.side", List.of(options.button().side()));
        fields.put(
                "button.bottomMargin", List.of(String.valueOf(options.button().bottomMargin())));
        fields.put("prompts.texts", List.of(String.join("\n", options.prompts().texts())));
        fields.put("prompts.mode", List.of(options.prompts().mode()));
        fields.put("prompts.seconds", List.of(String.valueOf(options.prompts().seconds())));
        ComponentOptions.MessageLimit limit = options.messageLimit();
        fields.put(LIMIT_KIND, List.of(limit == null ? "unlimited" : LIMITED));
        if (limit != null) {
            fields.put("messageLimit.messages", List.of(String.valueOf(limit.messages())));
            fields.put("messageLimit.text", List.of(limit.text()));
        }
        ticked(fields, "closeButton", options.closeButton());
        ticked(fields, "newConversationButton", options.newConversationButton());
        ticked(fields, "expand", options.expand());
        ticked(fields, "sound", options.sound());
        ticked(fields, "crossPage", options.crossPage());
        return Form.ofMany(fields);
    }

    private static void ticked(Map<String, List<String>> fields, String name, boolean on) {
        if (on) {
            fields.put(name, List.of("on"));
        }
    }

    /** What the API would have been sent: every option. */
    static JsonInput input(FormBody body, Form form) {
        body.text("title")
                .text("locale")
                .text("scheme")
                .text("accent")
                .bool("closeButton")
                .bool("newConversationButton")
                .bool("expand")
                .textOrNull("privacyUrl")
                .textOrNull("termsUrl")
                .list("introMessages")
                .text("button.side")
                .list("prompts.texts")
                .text("prompts.mode")
                .bool("sound")
                .bool("crossPage");
        number(body, "button.size");
        number(body, "button.bottomMargin");
        number(body, "prompts.seconds");
        if (LIMITED.equals(form.value(LIMIT_KIND))) {
            number(body, "messageLimit.messages");
            body.text("messageLimit.text");
        } else {
            body.putNull("messageLimit");
        }
        return body.input();
    }

    /** A field that was emptied is no option that stays as it was: it goes on as what it is, and is refused. */
    private static void number(FormBody body, String field) {
        if (body.typed(field)) {
            body.number(field);
        } else {
            body.text(field);
        }
    }
}
