package dev.keyrack.server.store;

import org.jdbi.v3.core.Handle;

/**
 * A transaction in progress. Whoever has one stands inside {@link Store#read} or {@link Store#change}.
 *
 * @param at the time of the transaction, in microseconds since 1970
 */
public record Tx(Handle handle, long at) {}
