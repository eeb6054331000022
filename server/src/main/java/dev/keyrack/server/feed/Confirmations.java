package dev.keyrack.server.feed;

import dev.keyrack.server.http.Times;
import dev.keyrack.server.store.Committed;
import dev.keyrack.server.store.Store;
import java.util.List;

/**
 * Tells which nodes have a change in force.
 *
 * <p>On the embedded store there is one node, the gate of this process, and {@link Store#change} returns only when that
 * has applied the change.
 */
public final class Confirmations {
    private final Store store;
    private final String node;

    /** @param node the name of this process's own gate */
    public Confirmations(Store store, String node) {
        this.store = store;
        this.node = node;
    }

    public Confirmation of(Committed<?> change) {
        return new Confirmation(change.sequence(), List.of(node), List.of(), Times.text(store.now()));
    }
}
