package dev.keyrack.server.conversations;

import com.google.common.collect.ImmutableSet;
import dev.keyrack.verifier.Rule;
import java.util.Locale;

/** Which restrictions of its key do not hold a session, because Keyrack itself made the page that it is on. */
enum Excused {
    NONE(ImmutableSet.of()),
    /** The project's own page, which stands on no website of the key's. */
    HOSTED(ImmutableSet.of(Rule.WEBSITES)),
    /** The portal, where a member tries out the key. */
    PREVIEW(ImmutableSet.of(Rule.WEBSITES, Rule.NETWORKS, Rule.APPS));

    private final ImmutableSet<Rule> rules;

    Excused(ImmutableSet<Rule> rules) {
        this.rules = rules;
    }

    ImmutableSet<Rule> rules() {
        return rules;
    }

    /** The name in the store. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads what {@link #text} wrote. */
    static Excused of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
