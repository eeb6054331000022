package dev.keyrack.server.conversations;

import dev.keyrack.server.http.Times;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A message as visitors and members see it.
 *
 * @param code why it failed, if it did
 */
record MessageBody(
        String id,
        String author,
        String text,
        String at,
        String state,
        @Nullable String code,
        @Nullable String rating) {
    static final JsonMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    static MessageBody of(Message message) {
        return new MessageBody(
                message.id(),
                message.author().text(),
                message.text(),
                Times.text(message.at()),
                message.state().text(),
                message.failure(),
                message.rating());
    }
}
