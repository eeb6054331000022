package dev.keyrack.server.portal;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is signed in and reads a page, as the layout needs to know it.
 *
 * @param name as they are shown
 * @param logo the address of the organization's logo; nothing where it has none
 * @param operator whether they run the installation
 * @param others the further memberships that they may go on in; empty where there is none
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
        List<Membership> others,
        Set<String> may) {

    /** @param id of the member that they are there */
    public record Membership(String id, String organization) {}

    /** The request attribute that holds the reader of this request. */
    public static final String ATTRIBUTE = "keyrack.reader";

    public Reader {
        others = List.copyOf(others);
        may = Set.copyOf(may);
    }
}
