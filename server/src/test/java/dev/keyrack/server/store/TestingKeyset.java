package dev.keyrack.server.store;

import java.nio.file.Path;

/** The keyset of an installation, for who signs something as it does. */
public final class TestingKeyset {
    private TestingKeyset() {}

    public static Keyset in(Path data) {
        return Keyset.read(data.resolve("keyset.json"));
    }
}
