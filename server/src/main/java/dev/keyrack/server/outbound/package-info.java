/**
 * Calls to addresses that customers choose. Here is what keeps such a call away from the networks that only Keyrack can reach;
 * what is said in it is the callers'.
 */
@NullMarked
package dev.keyrack.server.outbound;

import org.jspecify.annotations.NullMarked;
