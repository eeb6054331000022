package dev.keyrack.bench;

import java.util.List;

/**
 * What is measured once in every round: one server at one endpoint.
 *
 * @param good every answer must be like this one
 */
record Turn(String contender, ServerProcess server, Endpoint endpoint, List<byte[]> requests, Answer good) {}
