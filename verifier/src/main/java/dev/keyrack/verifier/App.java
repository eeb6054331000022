package dev.keyrack.verifier;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mobile app: an Android package with the SHA-256 of its signing certificate, or an iOS bundle id.
 *
 * @param certificate 64 lower-case hexadecimal digits for Android, nothing for iOS
 */
public record App(Platform platform, String id, @Nullable String certificate) {
    /** Longest id, in characters. */
    public static final int MAX_ID = 255;

    public App {
        if ((platform == Platform.ANDROID) != (certificate != null)) {
            throw new IllegalArgumentException("an Android app has a certificate, and an iOS app has none");
        }
    }

    /** Where apps come from. */
    public enum Platform {
        ANDROID,
        IOS;

        /** The name in API, feed and store: {@code android}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Platform> of(String text) {
            for (Platform platform : values()) {
                if (platform.text().equals(text)) {
                    return Optional.of(platform);
                }
            }
            return Optional.empty();
        }

        /** Whether an app of this platform can have this id. */
        public boolean hasId(String id) {
            return id.length() <= MAX_ID && (this == ANDROID ? isPackage(id) : isBundle(id));
        }

        /** Two or more words of letters, digits and underscores, each of which begins with a letter. */
        private static boolean isPackage(String id) {
            return id.matches("[A-Za-z][A-Za-z0-9_]*(\\.[A-Za-z][A-Za-z0-9_]*)+");
        }

        private static boolean isBundle(String id) {
            return id.matches("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");
        }
    }

    /** A certificate's SHA-256 in lower case without colons, from the forms in which tools print it; or nothing. */
    public static Optional<String> fingerprint(String text) {
        boolean plain = text.matches("[0-9A-Fa-f]{64}");
        boolean pairs = text.matches("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31}");
        return plain || pairs ? Optional.of(text.replace(":", "").toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /**
     * The app that an asker tells of, with as much as it knows.
     *
     * @param platform nothing where it was not told
     * @param certificate nothing where it was not told; as {@link App#fingerprint} gives it
     */
    public record Asked(
            @Nullable Platform platform,
            String id,
            @Nullable String certificate) {
        /**
         * Reads {@code com.example.shop}, {@code ios:com.example.shop} or {@code android:com.example.shop:<SHA-256>}.
         * Whatever else the text is, it is taken for an id that no app has.
         */
        public static Asked of(String text) {
            String[] parts = text.split(":", 3);
            return parts.length > 1 && Platform.of(parts[0]).isPresent()
                    ? of(parts[0], parts[1], parts.length > 2 ? parts[2] : null)
                    : new Asked(null, text, null);
        }

        /** The same in parts. A platform that there is not, and a certificate that cannot be read, fit no app. */
        public static Asked of(@Nullable String platform, String id, @Nullable String certificate) {
            String readable =
                    certificate == null ? null : fingerprint(certificate).orElse("");
            if (platform == null) {
                return new Asked(null, id, readable);
            }
            return Platform.of(platform)
                    .map(known -> new Asked(known, id, readable))
                    .orElseGet(() -> new Asked(null, platform + ":" + id, readable));
        }

        boolean is(App app) {
            return id.equals(app.id)
                    && (platform == null || platform == app.platform)
                    && (app.certificate == null || app.certificate.equals(certificate));
        }

        /** As it is read. */
        public String text() {
            return (platform == null ? "" : platform.text() + ":")
                    + id
                    + (certificate == null ? "" : ":" + certificate);
        }
    }

    /** As an asker writes it. */
    public String text() {
        return platform.text() + ":" + id + (certificate == null ? "" : ":" + certificate);
    }
}
