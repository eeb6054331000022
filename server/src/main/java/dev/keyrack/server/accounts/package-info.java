/** Organizations, their members, personal tokens, and who is calling. */
@NullMarked
package dev.keyrack.server.accounts;

import org.jspecify.annotations.NullMarked;
