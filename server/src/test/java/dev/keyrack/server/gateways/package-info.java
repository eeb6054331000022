/**
 * The gateway samples of {@code deploy/gateways}, run as they are in the real nginx and Caddy, with only addresses
 * replaced. What the gate itself decides is tested in its own module.
 */
@NullMarked
package dev.keyrack.server.gateways;

import org.jspecify.annotations.NullMarked;
