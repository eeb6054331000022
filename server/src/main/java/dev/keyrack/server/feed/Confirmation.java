package dev.keyrack.server.feed;

import java.util.List;

/**
 * The proof that a change is in force.
 *
 * @param sequence the feed number that was confirmed, or a later one
 * @param confirmedBy the nodes that have applied it
 * @param leaseExpired the nodes that could not be reached and whose lease has run out, so that they say yes no more
 * @param at when this was so (RFC 3339)
 */
public record Confirmation(long sequence, List<String> confirmedBy, List<String> leaseExpired, String at) {}
