package dev.keyrack.gate;

import java.util.Locale;

/** The three ways to ask for a verdict. */
enum Endpoint {
    VERIFY,
    AUTHORIZE,
    INTROSPECT;

    /** The label in metrics. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
