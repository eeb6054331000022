package dev.keyrack.server.store;

import java.util.Locale;

/** Who did something, as it is shown and kept: the name is the one at that time. */
public record Actor(Kind kind, String id, String name) {
    public enum Kind {
        MEMBER,
        OPERATOR,
        SYSTEM;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /** Whoever holds the data folder on the machine itself. */
    public static final Actor OPERATOR = new Actor(Kind.OPERATOR, "operator", "Operator on this machine");

    /** Keyrack by itself. */
    public static final Actor SYSTEM = new Actor(Kind.SYSTEM, "system", "Keyrack");

    /** Reads back what {@link Kind#text} wrote. */
    public static Actor of(String kind, String id, String name) {
        return new Actor(Kind.of(kind), id, name);
    }
}
