/**
 * One class that opens steps inside the verifier to the benchmarks.
 *
 * <p>Only for measuring; the verifier itself lives in its own module.
 */
@NullMarked
package dev.keyrack.verifier;

import org.jspecify.annotations.NullMarked;
