package dev.keyrack.server.http;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.keyrack.server.texts.Texts;
import dev.keyrack.verifier.Sentence;

/**
 * Something that was understood otherwise than it was written, and done all the same.
 *
 * @param pointer the field (RFC 6901)
 * @param says what was done of it, and why; without what a person may have pasted there by mistake
 */
public record Notice(String pointer, @JsonIgnore Sentence says) {
    /** What it says, as the API answers it. */
    @JsonProperty
    public String detail() {
        return Texts.english().text(says);
    }
}
