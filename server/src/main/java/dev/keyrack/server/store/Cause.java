package dev.keyrack.server.store;

import org.jspecify.annotations.Nullable;

/** Why something changes: who asked, from which address, in which request. */
public record Cause(Actor actor, @Nullable String address, String requestId) {}
