package dev.keyrack.server.portal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(file.readAllBytes());
            return "/portal/" + name + "?v=" + HexFormat.of().formatHex(digest, 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
