package dev.keyrack.server.conversations;

import dev.keyrack.verifier.Sentence;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many conversations may be started from one address, as the operator sets it: {@code 5/10m/5m}.
 *
 * @param pause of the address, once it starts one more
 */
public record ConversationLimit(int most, Duration within, Duration pause) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})/([0-9]{1,4})([sm])/([0-9]{1,4})([sm])");

    /** Counts are kept for two hours. */
    private static final Duration LONGEST = Duration.ofHours(1);

    public static final ConversationLimit USUAL =
            new ConversationLimit(5, Duration.ofMinutes(10), Duration.ofMinutes(5));

    public ConversationLimit {
        if (most < 1 || !fits(within) || !fits(pause)) {
            throw new IllegalArgumentException(
                    "must be how many, in which time, and how long to pause then, of 1s to 60m each, such as 5/10m/5m");
        }
    }

    private static boolean fits(Duration time) {
        return time.isPositive() && time.compareTo(LONGEST) <= 0;
    }

    /** @throws IllegalArgumentException if it does not fit, with what would */
    public static ConversationLimit parse(String text) {
        Matcher found = FORM.matcher(text);
        return found.matches()
                ? new ConversationLimit(
                        Integer.parseInt(found.group(1)),
                        time(found.group(2), found.group(3)),
                        time(found.group(4), found.group(5)))
                : new ConversationLimit(0, LONGEST, LONGEST);
    }

    private static Duration time(String number, String unit) {
        long many = Long.parseLong(number);
        return unit.equals("s") ? Duration.ofSeconds(many) : Duration.ofMinutes(many);
    }

    /** For whoever reads the settings. */
    public Sentence sentence() {
        return Sentence.of(
                "setting.conversations-are",
                String.valueOf(most),
                String.valueOf(within.toSeconds()),
                String.valueOf(pause.toSeconds()));
    }
}
