/** The control plane's side of the change feed: who has confirmed a change. Entries are written by the store. */
@NullMarked
package dev.keyrack.server.feed;

import org.jspecify.annotations.NullMarked;
