package dev.keyrack.gate;

/**
 * The part of a refused value that cannot be a secret which stands there by mistake: of an address scheme, host and port, of an
 * app its platform, id and certificate, of an IP address its digits. What stands before an {@code @} or after that part
 * leaves a mark, so that nobody takes what is left for what was sent.
 */
final class ShownValue {
    private static final int LONGEST_PORT = 5;

    private ShownValue() {}

    static String of(String value) {
        int begin = afterScheme(value);
        int at = value.lastIndexOf('@', endOfAuthority(value, begin) - 1);
        boolean user = at >= begin;
        int from = user ? at + 1 : begin;
        int end = begin > 0 || user ? endOfHost(value, from) : endOfBare(value);
        return value.substring(0, begin)
                + (user ? Refusals.FURTHER + "@" : "")
                + value.substring(from, end)
                + rest(value, end);
    }

    private static String rest(String value, int end) {
        if (value.length() - end <= 1) {
            return value.substring(end);
        }
        char next = value.charAt(end);
        return (Character.isLetterOrDigit(next) ? "" : next) + Refusals.FURTHER;
    }

    /** Behind {@code scheme://} (RFC 3986, 3.1), or 0. */
    private static int afterScheme(String value) {
        int end = 0;
        while (end < value.length() && isSchemes(value.charAt(end), end == 0)) {
            end++;
        }
        return end > 0 && value.startsWith("://", end) ? end + 3 : 0;
    }

    private static boolean isSchemes(char c, boolean first) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (!first && ((c >= '0' && c <= '9') || c == '+' || c == '.' || c == '-'));
    }

    private static int endOfAuthority(String value, int from) {
        int end = from;
        while (end < value.length() && "/?#".indexOf(value.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static int endOfHost(String value, int from) {
        int end = from;
        if (end < value.length() && value.charAt(end) == '[') {
            end = endOfDigits(value, from + 1);
            if (end == value.length() || value.charAt(end) != ']') {
                return end;
            }
            end++;
        } else {
            while (end < value.length() && isNames(value.charAt(end))) {
                end++;
            }
        }
        int port = end + 1;
        while (port < value.length() && Character.digit(value.charAt(port), 10) >= 0) {
            port++;
        }
        boolean has =
                end < value.length() && value.charAt(end) == ':' && port > end + 1 && port <= end + 1 + LONGEST_PORT;
        return has ? port : end;
    }

    private static boolean isNames(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_' || c == '*';
    }

    /** Of what has neither a scheme nor an {@code @}. */
    private static int endOfBare(String value) {
        for (String platform : new String[] {"android:", "ios:"}) {
            if (value.startsWith(platform)) {
                int end = platform.length();
                while (end < value.length() && isNames(value.charAt(end))) {
                    end++;
                }
                return end < value.length() && value.charAt(end) == ':' ? endOfDigits(value, end) : end;
            }
        }
        int digits = endOfDigits(value, 0);
        boolean six = value.indexOf(':') < value.lastIndexOf(':', digits - 1);
        return six ? digits : endOfHost(value, 0);
    }

    /** Of what an IPv6 address or a certificate is written in. */
    private static int endOfDigits(String value, int from) {
        int end = from;
        while (end < value.length()
                && (Character.digit(value.charAt(end), 16) >= 0
                        || value.charAt(end) == ':'
                        || value.charAt(end) == '.')) {
            end++;
        }
        return end;
    }
}
