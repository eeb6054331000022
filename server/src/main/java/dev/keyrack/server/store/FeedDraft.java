package dev.keyrack.server.store;

import dev.keyrack.verifier.FeedChange;

/**
 * A change that verifiers must know, before it has its number.
 *
 * @param organizationId whose keys it is about, or {@link dev.keyrack.gate.FeedSql#EVERY_ORGANIZATION}
 * @param narrows whether a token that was good may be refused from now on, so that nodes must confirm it at once
 */
public record FeedDraft(String organizationId, FeedChange change, boolean narrows) {}
