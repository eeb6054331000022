package dev.keyrack.verifier;

/**
 * One numbered entry of the change feed.
 *
 * @param number dense, in commit order, from 1
 * @param tag random, so that a restored or failed-over feed that reuses a number is told apart
 */
public record FeedEntry(long number, long tag, FeedChange change) {}
