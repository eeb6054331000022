package dev.keyrack.server.accounts;

/**
 * The member whose own a key or a project is.
 *
 * @param name how they are shown now
 */
public record Owner(String id, String name) {}
