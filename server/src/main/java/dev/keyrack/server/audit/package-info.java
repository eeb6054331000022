/** Reading the audit trail. Events are written by {@link dev.keyrack.server.store.Store#change}, together with what they tell of. */
@NullMarked
package dev.keyrack.server.audit;

import org.jspecify.annotations.NullMarked;
