package dev.keyrack.server.portal;

import org.jspecify.annotations.Nullable;

/**
 * Whose pages these are to whoever is not signed in: the organization that runs the installation.
 *
 * @param name of the organization; of the product before there is one
 * @param logo its address; nothing where there is none
 */
public record Brand(String name, @Nullable String logo) {
    /** Before anybody has set up anything. */
    public static final Brand PRODUCT = new Brand("Keyrack", null);
}
