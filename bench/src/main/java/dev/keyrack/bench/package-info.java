/**
 * Benchmarks that print ratios measured in one run: the HTTP load harness, JMH for the hot path, and memory per key.
 *
 * <p>Nothing in here is part of the product, and nothing in here fails because of a time.
 */
@NullMarked
package dev.keyrack.bench;

import org.jspecify.annotations.NullMarked;
