package dev.keyrack.server.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param next the cursor of the following page; null on the last one
 */
public record Page<T>(List<T> items, @Nullable String next) implements Paged {
    public Page {
        items = List.copyOf(items);
    }

    /** A page from one row more than was asked for, whose presence tells that there is a next page. */
    public static <T> Page<T> of(List<T> rows, ListQuery query, java.util.function.Function<T, Cursor> cursor) {
        if (rows.size() <= query.limit()) {
            return new Page<>(rows, null);
        }
        List<T> items = rows.subList(0, query.limit());
        return new Page<>(items, cursor.apply(items.getLast()).text());
    }

    public <R> Page<R> map(java.util.function.Function<T, R> to) {
        return new Page<>(items.stream().map(to).toList(), next);
    }
}
