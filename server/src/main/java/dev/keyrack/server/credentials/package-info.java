/** API keys: their life, their tokens, and what verifiers are told of them. */
@NullMarked
package dev.keyrack.server.credentials;

import org.jspecify.annotations.NullMarked;
