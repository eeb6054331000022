package dev.keyrack.verifier;

/**
 * One numbered entry of the change feed.
 *
 * @param number dense, in commit order, from 1
 * @param tag random, so that a restored or failed-over feed that reuses a number is told apart
 * @param narrows whether a token that was good may be refused from this number on, so that the control plane waits for
 *     every node to say that it has applied it
 */
public record FeedEntry(long number, long tag, boolean narrows, FeedChange change) {}
