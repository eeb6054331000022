package dev.keyrack.server.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The answer to a call, while it comes in.
 *
 * @param contentType in lower case and without parameters; empty where there is none
 * @param body its reading ends with an exception when the call is cancelled, or takes too long
 */
public record OutboundAnswer(int status, String contentType, InputStream body) {

    /** The whole body. What is no UTF-8 becomes U+FFFD. */
    public String text(int max) throws IOException {
        StringBuilder text = new StringBuilder();
        InputStreamReader reader = new InputStreamReader(body, StandardCharsets.UTF_8);
        char[] chunk = new char[4096];
        for (int count = reader.read(chunk); count >= 0; count = reader.read(chunk)) {
            text.append(chunk, 0, count);
            if (text.length() > max) {
                throw new TooLarge();
            }
        }
        return text.toString();
    }

    /** There is more than we read. */
    public static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        public TooLarge() {
            super("the answer is too large");
        }
    }
}
