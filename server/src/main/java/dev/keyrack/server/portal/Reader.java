package dev.keyrack.server.portal;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is signed in and reads a page, as the layout needs to know it.
 *
 * @param name as they are shown
 * @param logo the address of the organization's logo; nothing where it has none
 * @param operator whether they run the installation
 * @param may the names of the rights that they have for everything or for their own
 */
public record Reader(
        String name,
        String email,
        String organization,
        String organizationId,
        String subdomain,
        @Nullable String logo,
        String role,
        boolean operator,
        Set<String> may) {
    /** The request attribute that holds the reader of this request. */
    public static final String ATTRIBUTE = "keyrack.reader";

    public Reader {
        may = Set.copyOf(may);
    }
}
