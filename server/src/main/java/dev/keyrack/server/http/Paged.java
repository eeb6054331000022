package dev.keyrack.server.http;

import org.jspecify.annotations.Nullable;

/** An answer that is a page of something: its address takes the parameters of a list. */
public interface Paged {
    /** The cursor of the following page; null on the last one. */
    @Nullable
    String next();
}
