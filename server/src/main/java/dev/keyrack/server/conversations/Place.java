package dev.keyrack.server.conversations;

import org.jspecify.annotations.Nullable;

/**
 * Where a visitor's call comes from, as their browser and the connection tell it; never as a body says.
 *
 * @param origin of the page; nothing where none was told
 * @param own whether that is Keyrack's own
 * @param address of the visitor
 */
public record Place(
        @Nullable String origin, boolean own, @Nullable String address) {}
