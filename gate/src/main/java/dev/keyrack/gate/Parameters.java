package dev.keyrack.gate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names and values of a query or a form, decoded strictly: nothing stands there twice, and nothing is guessed. */
final class Parameters {
    private final Map<String, String> values;

    private Parameters(Map<String, String> values) {
        this.values = values;
    }

    /** A query (RFC 3986): a plus sign is a plus sign. */
    static Parameters ofQuery(String text) {
        return of(text, false);
    }

    /** A form (application/x-www-form-urlencoded, WHATWG URL): a plus sign is a space. */
    static Parameters ofForm(String text) {
        return of(text, true);
    }

    private static Parameters of(String text, boolean form) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals), form);
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1), form);
            if (values.put(name, value) != null) {
                throw Problem.malformedParameter(shown(name), "stands there twice")
                        .exception();
            }
        }
        return new Parameters(values);
    }

    @Nullable
    String get(String name) {
        return values.get(name);
    }

    Iterable<String> names() {
        return values.keySet();
    }

    /** The name as an answer may repeat it: not when it could be a token in the wrong place. */
    static String shown(String name) {
        return name.matches("[A-Za-z][A-Za-z0-9_]{0,31}") ? name : "?";
    }

    private static String decoded(String text, boolean form) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw Problem.malformed("a percent sign is not followed by two hexadecimal digits")
                            .exception();
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else if (c > ' ' && c < 0x7f) {
                bytes.write(form && c == '+' ? ' ' : c);
            } else {
                throw Problem.malformed("a parameter has characters that must be percent-encoded")
                        .exception();
            }
        }
        String decoded = Utf8.decode(bytes.toByteArray());
        if (decoded == null) {
            throw Problem.malformed("a parameter is not UTF-8").exception();
        }
        return decoded;
    }

    /** Bytes of a form as text. What is not ASCII is refused when it is decoded. */
    static Parameters ofForm(byte[] body) {
        return ofForm(new String(body, StandardCharsets.ISO_8859_1));
    }
}
