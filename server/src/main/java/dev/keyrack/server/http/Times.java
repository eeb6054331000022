package dev.keyrack.server.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Moments: microseconds since 1970 inside, RFC 3339 in UTC outside. */
public final class Times {
    private Times() {}

    public static String text(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    public static @Nullable String textOrNull(@Nullable Long micros) {
        return micros == null ? null : text(micros);
    }

    public static boolean isText(String text) {
        try {
            micros(text);
            return true;
        } catch (DateTimeException | ArithmeticException e) {
            return false;
        }
    }

    /** @throws DateTimeException if the text is no moment with an offset */
    public static long micros(String text) {
        return ChronoUnit.MICROS.between(
                Instant.EPOCH, OffsetDateTime.parse(text).toInstant());
    }
}
