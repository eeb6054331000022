/**
 * Reading the audit trail, telling whether it is as it was written, and anchoring how far it reaches. Events are written
 * and chained by {@link dev.keyrack.server.store.Store#change}, together with what they tell of.
 */
@NullMarked
package dev.keyrack.server.audit;

import org.jspecify.annotations.NullMarked;
