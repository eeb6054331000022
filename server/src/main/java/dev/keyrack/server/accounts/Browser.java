package dev.keyrack.server.accounts;

import java.util.List;

/**
 * What a User-Agent header calls itself, in short. A hint for its owner to recognise their own browsers by, and nothing
 * else: anybody can send any header.
 *
 * @param name empty if it is not known
 * @param system empty if it is not known
 */
public record Browser(String name, String system) {
    /** In this order: most browsers also claim to be those that come later. */
    private static final List<String> NAMES = List.of("Edg/", "OPR/", "Firefox/", "Chrome/", "Safari/", "curl/");

    private static final List<String> SHOWN = List.of("Edge", "Opera", "Firefox", "Chrome", "Safari", "curl");

    private static final List<String> SYSTEMS = List.of("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux");

    static Browser of(String header) {
        String name = "";
        for (int i = NAMES.size() - 1; i >= 0; i--) {
            name = header.contains(NAMES.get(i)) ? SHOWN.get(i) : name;
        }
        String system = SYSTEMS.stream().filter(header::contains).findFirst().orElse("");
        return new Browser(name, system);
    }
}
