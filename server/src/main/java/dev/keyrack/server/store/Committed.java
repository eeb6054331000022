package dev.keyrack.server.store;

/**
 * A change that is safely on disk and in force in this process.
 *
 * @param sequence the number of its last feed entry, or the feed's head when it has none
 */
public record Committed<T>(T result, long sequence) {}
