package dev.keyrack.server.store;

import java.util.List;
import java.util.function.Function;

/**
 * What a piece of work in {@link Store#change} hands back: its result, and with it everything that must be written in
 * the same transaction, so that none of it can be left out.
 */
public record Change<T>(T result, List<AuditEvent> auditEvents, List<FeedDraft> feedEntries) {
    public Change {
        auditEvents = List.copyOf(auditEvents);
        feedEntries = List.copyOf(feedEntries);
    }

    /** Something that people must be able to look up later, and verifiers need not know. */
    public static <T> Change<T> of(T result, AuditEvent event) {
        return new Change<>(result, List.of(event), List.of());
    }

    public static <T> Change<T> of(T result, AuditEvent event, FeedDraft entry) {
        return new Change<>(result, List.of(event), List.of(entry));
    }

    /** Nothing that anyone must be told of: what was asked for is so already, or old records were cleared away. */
    public static <T> Change<T> none(T result) {
        return new Change<>(result, List.of(), List.of());
    }

    /** The same change with its result in another form. */
    public <R> Change<R> map(Function<? super T, ? extends R> form) {
        return new Change<>(form.apply(result), auditEvents, feedEntries);
    }
}
