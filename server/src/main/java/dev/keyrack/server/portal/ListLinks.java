package dev.keyrack.server.portal;

import dev.keyrack.server.http.ListQuery;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The addresses of one list: sorted otherwise, its first page, its next one. Filter and order stand in them. */
public final class ListLinks {
    private final String address;
    private final Map<String, String> set = new LinkedHashMap<>();
    private final ListQuery query;
    private final String sort;

    /** @param filters the names of the fields by which the list is filtered */
    public ListLinks(HttpServletRequest request, ListQuery query, List<String> filters) {
        this.address = request.getRequestURI();
        this.query = query;
        filters.forEach(name -> {
            String value = request.getParameter(name);
            if (value != null && !value.isBlank()) {
                set.put(name, value);
            }
        });
        String asked = request.getParameter("sort");
        this.sort = asked == null ? "" : asked;
    }

    /**
     * A column that the list can be sorted by.
     *
     * @param href the list sorted by it, or the other way round where it is already
     * @param sorted the value of aria-sort; nothing where it is sorted by another
     */
    public record Column(String href, @Nullable String sorted) {}

    /** @param name of the sort; with a minus before it where the list is first sorted downwards */
    public Column column(String name) {
        String bare = name.startsWith("-") ? name.substring(1) : name;
        boolean current = query.sortedBy().equals(bare);
        String other = query.descending() ? bare : "-" + bare;
        return new Column(
                to(current ? other : name, ""), !current ? null : query.descending() ? "descending" : "ascending");
    }

    /** Whether something is typed or chosen by which the list is filtered. */
    public boolean filtered() {
        return !set.isEmpty();
    }

    /** Whether this is the first page. */
    public boolean first() {
        return query.after() == null;
    }

    /** The order as it stands in the address; empty for the usual one. */
    public String sort() {
        return sort;
    }

    /** The first page, with another value of a filter. */
    public String with(String filter, String value) {
        Map<String, String> all = new LinkedHashMap<>(set);
        all.put(filter, value);
        return to(all, sort, "");
    }

    /** The list without any filter. */
    public String all() {
        return address;
    }

    /** The list as it is sorted and filtered, from its first page on. */
    public String here() {
        return to(sort, "");
    }

    /** What a link away from the list carries along, so that one comes back to it as it is; empty where it is all of it. */
    public String asParameter(String name) {
        String here = here();
        return here.equals(address) ? "" : "?" + name + "=" + URLEncoder.encode(here, StandardCharsets.UTF_8);
    }

    public String firstPage() {
        return to(sort, "");
    }

    /** @param cursor of the next page */
    public String next(String cursor) {
        return to(sort, cursor);
    }

    private String to(String order, String cursor) {
        return to(set, order, cursor);
    }

    private String to(Map<String, String> filters, String order, String cursor) {
        Map<String, String> all = new LinkedHashMap<>(filters);
        all.put("sort", order);
        all.put("cursor", cursor);
        String values = all.entrySet().stream()
                .filter(e -> !e.getValue().isEmpty())
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return values.isEmpty() ? address : address + "?" + values;
    }
}
