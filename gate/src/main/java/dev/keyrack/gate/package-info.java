/**
 * The data plane: endpoints that verify from memory, the rules of whom they trust, and the follower of the change feed.
 *
 * <p>Changing keys, storing them and the portal live in the server; this module knows no Spring.
 */
@NullMarked
package dev.keyrack.gate;

import org.jspecify.annotations.NullMarked;
