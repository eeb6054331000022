package dev.keyrack.server.accounts;

import java.util.Locale;

/**
 * A colour that an organization chose for its buttons and links, with what has to stand on it.
 *
 * <p>Guarantee: text on it, and it on the pages' background, has a contrast of at least 4.5 : 1 (WCAG 2.2, 1.4.3), light and
 * dark: where the colour itself has less on a background, a darker or lighter one of the same hue stands in.
 */
record Accent(int red, int green, int blue) {
    private static final double ENOUGH = 4.5;
    private static final Accent LIGHT_PAGE = new Accent(0xF1, 0xF3, 0xF5);
    private static final Accent DARK_PAGE = new Accent(0x20, 0x25, 0x2B);
    private static final Accent WHITE = new Accent(255, 255, 255);
    private static final Accent BLACK = new Accent(0, 0, 0);

    /** @param text {@code #rrggbb} */
    static Accent of(String text) {
        int rgb = Integer.parseInt(text, 1, 7, 16);
        return new Accent(rgb >> 16, (rgb >> 8) & 0xFF, rgb & 0xFF);
    }

    String style() {
        Accent light = towards(BLACK, LIGHT_PAGE);
        Accent dark = towards(WHITE, DARK_PAGE);
        return ":root{" + light.variables() + "}@media (prefers-color-scheme:dark){:root{" + dark.variables() + "}}";
    }

    private String variables() {
        return "--accent:" + text() + ";--on-accent:" + (contrast(WHITE) >= contrast(BLACK) ? WHITE : BLACK).text();
    }

    private Accent towards(Accent end, Accent page) {
        for (int step = 0; step < 20; step++) {
            Accent mixed = mixed(end, step / 20.0);
            if (mixed.contrast(page) >= ENOUGH) {
                return mixed;
            }
        }
        return end;
    }

    private Accent mixed(Accent other, double share) {
        return new Accent(
                (int) Math.round(red + (other.red - red) * share),
                (int) Math.round(green + (other.green - green) * share),
                (int) Math.round(blue + (other.blue - blue) * share));
    }

    /** WCAG 2.2, “contrast ratio”. */
    double contrast(Accent other) {
        double one = luminance();
        double two = other.luminance();
        return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    }

    /** WCAG 2.2, “relative luminance”. */
    private double luminance() {
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    }

    private static double linear(int channel) {
        double share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }

    String text() {
        return String.format(Locale.ROOT, "#%02x%02x%02x", red, green, blue);
    }
}
