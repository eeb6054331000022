package dev.keyrack.server.audit;

import dev.keyrack.verifier.Sentence;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a trail or an anchor.
 *
 * @param organizationId whose trail; nothing when it is an anchor that names none that can be trusted
 * @param number of the first event that is not as it was; nothing when it is an anchor that is not
 * @param at when that event was written, or the anchor signed, in microseconds; nothing when that is not known either
 * @param says what, for a person
 */
public record Finding(
        @Nullable String organizationId,
        @Nullable Long number,
        @Nullable Long at,
        Fault fault,
        Sentence says) {
    public enum Fault {
        /** The event is not as it was written. */
        CHANGED,
        /** The event is not there, though later ones are. */
        MISSING,
        /** Another event stands in its place. */
        REORDERED,
        /** The trail once reached further. */
        CUT_OFF,
        /** The event was not there when the trail was anchored: another was. */
        REPLACED,
        /** The row that says how far the trail reaches does not agree with it. */
        HEAD,
        /** An anchor is not as it was signed. */
        ANCHOR;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
