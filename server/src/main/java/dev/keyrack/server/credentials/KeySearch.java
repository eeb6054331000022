package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.ListQuery;
import java.util.List;

/** Finds keys by the beginning of their name, or by their id. */
public final class KeySearch {
    private final Credentials credentials;

    public KeySearch(Credentials credentials) {
        this.credentials = credentials;
    }

    /** A key that was found. */
    public record Found(String id, String name, String type, String state, String masked) {}

    /** Those that the caller may see. */
    public List<Found> find(Caller caller, ListQuery query) {
        return credentials.list(caller, query).items().stream()
                .map(key -> new Found(
                        key.id().value(),
                        key.name(),
                        key.type().text(),
                        key.state().text(),
                        key.masked()))
                .toList();
    }
}
