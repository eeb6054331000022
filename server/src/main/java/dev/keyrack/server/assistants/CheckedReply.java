package dev.keyrack.server.assistants;

import dev.keyrack.server.assistants.AssistantFailed.Reason;
import dev.keyrack.verifier.Sentence;
import java.nio.charset.StandardCharsets;

/**
 * What stands between a backend and the reply: passes on what is text, at once, and not without end.
 *
 * <p>Guarantee: nothing passes that a database or a page cannot hold: NUL and halves of surrogate pairs become U+FFFD, also
 * where the halves come in two pieces.
 */
final class CheckedReply {
    private static final char NO_CHARACTER = '\uFFFD';

    private final Reply reply;
    private int bytes;

    /** The first half of a pair whose second one is still to come; 0 where there is none. */
    private char half;

    CheckedReply(Reply reply) {
        this.reply = reply;
    }

    void add(String piece) throws AssistantFailed {
        StringBuilder text = new StringBuilder(piece.length() + 1);
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (half != 0) {
                if (Character.isLowSurrogate(c)) {
                    text.append(half).append(c);
                    half = 0;
                    continue;
                }
                text.append(NO_CHARACTER);
                half = 0;
            }
            if (Character.isHighSurrogate(c)) {
                half = c;
            } else {
                text.append(c == 0 || Character.isLowSurrogate(c) ? NO_CHARACTER : c);
            }
        }
        pass(text.toString());
    }

    private void pass(String text) throws AssistantFailed {
        bytes += text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Reply.MAX_BYTES) {
            throw new AssistantFailed(Reason.UNREADABLE, Sentence.of("assistant.failure.bytes", Reply.MAX_BYTES));
        }
        if (!text.isEmpty()) {
            reply.add(text);
        }
    }

    /** @throws AssistantFailed if nothing was said */
    void finish() throws AssistantFailed {
        if (half != 0) {
            half = 0;
            pass(String.valueOf(NO_CHARACTER));
        }
        if (bytes == 0) {
            throw new AssistantFailed(Reason.UNREADABLE, Sentence.of("assistant.failure.empty"));
        }
    }

    Reply reply() {
        return reply;
    }
}
