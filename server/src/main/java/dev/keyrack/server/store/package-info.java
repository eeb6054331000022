/** Plumbing under every slice: the data folder, the keyset, migrations, and {@link dev.keyrack.server.store.Store#change}, the only way to write. No rule about keys or people lives here. */
@NullMarked
package dev.keyrack.server.store;

import org.jspecify.annotations.NullMarked;
