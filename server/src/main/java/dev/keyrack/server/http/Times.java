package dev.keyrack.server.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Moments: microseconds since 1970 inside, RFC 3339 in UTC outside. */
public final class Times {
    /** RFC 3339, section 5.6; what else ISO 8601 allows is refused. */
    private static final Pattern FORM = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})");

    /** The end of the years that have four digits. */
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

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
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** @throws DateTimeException if the text is no moment with an offset, or lies after the year 9999 in UTC */
    public static long micros(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new DateTimeException("not as in RFC 3339");
        }
        Instant moment = OffsetDateTime.parse(text).toInstant();
        if (!moment.isBefore(END)) {
            throw new DateTimeException("after the year 9999");
        }
        return ChronoUnit.MICROS.between(Instant.EPOCH, moment);
    }
}
