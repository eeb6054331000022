package dev.keyrack.server.http;

import dev.keyrack.verifier.Secret;

/**
 * Who calls, and with what.
 *
 * @param caller who it is, told from every other caller; no secret
 * @param token what was presented to prove it
 */
public record Credential(String caller, Secret token) {}
