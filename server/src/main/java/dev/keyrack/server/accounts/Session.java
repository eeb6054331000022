package dev.keyrack.server.accounts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is signed in to the portal with one browser. Times are microseconds since 1970.
 *
 * @param id its public id, which opens nothing
 * @param members those whose password was typed, between which the reader may switch
 * @param address from where it was used last
 * @param browser what the browser called itself, shortened
 * @param confirmedAt when the password was typed last
 */
record Session(
        String id,
        Member member,
        Organization organization,
        List<String> members,
        @Nullable String address,
        String browser,
        long createdAt,
        long seenAt,
        long confirmedAt,
        long endsAt) {

    Session {
        members = List.copyOf(members);
    }
}
