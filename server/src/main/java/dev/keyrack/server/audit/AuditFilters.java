package dev.keyrack.server.audit;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the form above the list of events says, in the words of the list. */
final class AuditFilters {
    private static final List<String> NAMES = List.of("action", "actor", "target", "since", "until");

    private AuditFilters() {}

    /** The request, with days as the times at which they begin; {@code until} is the end of its day (all in UTC). */
    static HttpServletRequest dated(HttpServletRequest request) {
        Map<String, String[]> parameters = new HashMap<>(request.getParameterMap());
        day(parameters, "since", "T00:00:00Z");
        day(parameters, "until", "T23:59:59.999999Z");
        return new HttpServletRequestWrapper(request) {
            @Override
            public Map<String, String[]> getParameterMap() {
                return parameters;
            }
        };
    }

    private static void day(Map<String, String[]> parameters, String name, String time) {
        String[] given = parameters.get(name);
        if (given != null && given.length == 1 && given[0].matches("\\d{4}-\\d{2}-\\d{2}")) {
            parameters.put(name, new String[] {given[0] + time});
        }
    }

    /** The filters as a query that begins with {@code &}; empty when there are none. */
    static String query(HttpServletRequest request) {
        StringBuilder query = new StringBuilder();
        for (String name : NAMES) {
            @Nullable String value = request.getParameter(name);
            if (value != null && !value.isBlank()) {
                query.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }
        return query.toString();
    }
}
