package dev.keyrack.server.store;

import org.jdbi.v3.core.Handle;

/**
 * A transaction in progress. Whoever has one stands inside {@link Store#read} or {@link Store#change}.
 *
 * @param at the time of the transaction, in microseconds since 1970
 * @param lock the end of a SELECT of one table whose rows decide what is changed: within {@link Store#change} it keeps
 *     others from changing them until the commit. Empty where nobody else can, and within {@link Store#read}
 */
public record Tx(Handle handle, long at, String lock) {
    /**
     * The end of a SELECT that asks whether something is still so: within {@link Store#change} it keeps others from
     * changing it until the commit, and nobody from asking the same.
     *
     * @param table the one table of the SELECT, as it is called there, whose row must stay
     */
    public String hold(String table) {
        return lock.isEmpty() ? "" : " FOR SHARE OF " + table;
    }
}
