package dev.keyrack.verifier;

import java.util.Locale;
import java.util.Optional;

/** The restrictions that a key may have. All that are set must hold. In the order in which they are decided. */
public enum Rule {
    WEBSITES(Code.WEBSITE_NOT_ALLOWED),
    NETWORKS(Code.NETWORK_NOT_ALLOWED),
    APPS(Code.APP_NOT_ALLOWED);

    private final Code refusal;

    Rule(Code refusal) {
        this.refusal = refusal;
    }

    /** What a verification is refused with when this restriction does not hold. */
    public Code refusal() {
        return refusal;
    }

    /** The name in API, feed and store: {@code websites}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Rule> of(String text) {
        for (Rule rule : values()) {
            if (rule.text().equals(text)) {
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }
}
