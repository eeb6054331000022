package dev.keyrack.server.http;

import dev.keyrack.verifier.Secret;

/**
 * A call under an Idempotency-Key.
 *
 * @param id stands for caller, method, path and Idempotency-Key; tells nothing of them
 * @param requestHash stands for the body in this call; tells nothing of it
 * @param key the Idempotency-Key as it was sent
 * @param token what the caller presented
 */
record IdempotentCall(String id, String requestHash, Secret key, Secret token) {}
