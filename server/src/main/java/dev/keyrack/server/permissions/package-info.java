/** The operator's catalogue: which permissions there are, and which types of key may have them. Not who was given them. */
@NullMarked
package dev.keyrack.server.permissions;

import org.jspecify.annotations.NullMarked;
