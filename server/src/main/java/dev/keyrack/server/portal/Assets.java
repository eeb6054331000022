package dev.keyrack.server.portal;

import dev.keyrack.server.http.ContentTag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Addresses of scripts, styles and pictures that change with their content, so that browsers may keep them for good. */
final class Assets {
    private final Map<String, String> addresses = new ConcurrentHashMap<>();

    /** @param name of a file in {@code /portal/} */
    String address(String name) {
        return addresses.computeIfAbsent(name, Assets::versioned);
    }

    private static String versioned(String name) {
        try (InputStream file = Assets.class.getResourceAsStream("/portal/" + name)) {
            if (file == null) {
                throw new IllegalArgumentException("there is no file portal/" + name);
            }
            return "/portal/" + name + "?v=" + ContentTag.of(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
