package dev.keyrack.gate;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The one header in which trusted proxies tell where a request came from, each adding the address that connected to it at
 * the right.
 *
 * @param header such as {@code X-Forwarded-For}
 * @param hops how many proxies add to it before the request arrives here: the address that counts is this many from the
 *     right, since a client may have written whatever stands further left
 */
public record ClientAddress(String header, int hops) {
    private static final Pattern FORM = Pattern.compile("([A-Za-z][A-Za-z0-9-]{0,63}):([1-9][0-9]?)");

    /** @throws IllegalArgumentException with a text for the operator when this is not {@code Header:hops} */
    public static ClientAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "must name one header and the number of proxies that add to it, such as X-Forwarded-For:1");
        }
        return new ClientAddress(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    /**
     * The client's address as the header tells it, or nothing when fewer proxies have added to it than are trusted.
     *
     * @param lines the values of the header, one for each time that it stands there
     */
    public @Nullable String in(List<String> lines) {
        int left = hops;
        for (int line = lines.size() - 1; line >= 0; line--) {
            String text = lines.get(line);
            int end = text.length();
            while (end >= 0) {
                int comma = text.lastIndexOf(',', end - 1);
                if (--left == 0) {
                    return text.substring(comma + 1, end).strip();
                }
                end = comma;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return header + ":" + hops;
    }
}
