/**
 * Tokens, digests, the replica of all keys, and verdicts: everything that one verification touches.
 *
 * <p>Nothing in here blocks, reads a clock other than the one handed in, or knows of HTTP, SQL or JSON. Following the
 * change feed and answering requests live in the gate; changing keys lives in the server.
 */
@NullMarked
package dev.keyrack.verifier;

import org.jspecify.annotations.NullMarked;
