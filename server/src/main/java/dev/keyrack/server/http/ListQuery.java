package dev.keyrack.server.http;

import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The query of a list: which rows, in which order, how many.
 *
 * @param sort one of those the list offers, with {@code -} in front for descending
 * @param after where the page begins; nothing for the first
 */
public record ListQuery(
        int limit,
        @Nullable Cursor after,
        String sort,
        @Nullable String search,
        Map<String, List<String>> filters) {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;
    private static final int MAX_SEARCH = 100;

    /** The sort without its direction. */
    public String sortedBy() {
        return descending() ? sort.substring(1) : sort;
    }

    public boolean descending() {
        return sort.startsWith("-");
    }

    /** The values of a filter, given repeatedly or with commas; empty when it is not set. */
    public List<String> filter(String name) {
        return filters.getOrDefault(name, List.of());
    }

    /** The single value of a filter. */
    public Optional<String> one(String name) {
        return filter(name).stream().findFirst();
    }

    /** What a list offers to its callers. */
    public static final class Rules {
        private final List<String> sorts;
        private final int cursorValues;
        private final Map<String, Filter> filters = new java.util.LinkedHashMap<>();
        private @Nullable String searchSort;

        private record Filter(Predicate<String> fits, Sentence unfit, boolean many) {}

        /** @param cursorValues how many sort values a cursor of this list holds */
        public Rules(List<String> sorts, int cursorValues) {
            this.sorts = List.copyOf(sorts);
            this.cursorValues = cursorValues;
        }

        public Rules filter(String name, Predicate<String> fits, Sentence unfit) {
            filters.put(name, new Filter(fits, unfit, false));
            return this;
        }

        public Rules filterMany(String name, Predicate<String> fits, Sentence unfit) {
            filters.put(name, new Filter(fits, unfit, true));
            return this;
        }

        /** @param sort the order of what is found, where the caller asks for none */
        public Rules searchable(String sort) {
            searchSort = sort;
            return this;
        }

        /** @throws ProblemException with every parameter that does not fit */
        public ListQuery read(HttpServletRequest request) {
            return read(request.getParameterMap());
        }

        /**
         * As {@link #read}, for a page: its form sends fields that were left empty, which mean nothing, and its address may
         * have parameters that are not the list's.
         */
        public ListQuery readForPage(HttpServletRequest request) {
            Map<String, String[]> given = new java.util.HashMap<>(request.getParameterMap());
            given.keySet().retainAll(known());
            given.values().removeIf(values -> Arrays.stream(values).allMatch(String::isBlank));
            return read(given);
        }

        /** One of several lists on a page: where its page begins stands in this parameter. */
        public ListQuery readForPage(HttpServletRequest request, String cursorParameter) {
            String[] cursor = request.getParameterValues(cursorParameter);
            return read(cursor == null ? Map.of() : Map.of("cursor", cursor));
        }

        private Set<String> known() {
            Set<String> known = new java.util.HashSet<>(filters.keySet());
            known.addAll(List.of("limit", "cursor"));
            if (searchSort != null) {
                known.add("search");
            }
            if (sorts.size() > 1) {
                known.add("sort");
            }
            return known;
        }

        private ListQuery read(Map<String, String[]> request) {
            List<Problem.FieldError> errors = new ArrayList<>();
            Set<String> known = known();
            for (String name : request.keySet()) {
                if (!known.contains(name)) {
                    errors.add(new Problem.FieldError("?" + name, Sentence.of("problem.not-of-this-list")));
                }
            }
            int limit = limit(request, errors);
            String search = search(request, errors);
            String sort = sorts.size() > 1 ? single(request, "sort", errors) : null;
            if (sort == null) {
                sort = search != null && searchSort != null ? searchSort : sorts.getFirst();
            } else if (!sorts.contains(sort)) {
                errors.add(new Problem.FieldError("?sort", Sentence.of("problem.one-of", String.join(", ", sorts))));
            }
            Cursor after = cursor(request, sort, errors);
            Map<String, List<String>> values = filters(request, errors);
            if (!errors.isEmpty()) {
                throw new ProblemException(new Problem.InvalidRequest(Sentence.of("problem.list-parameters"), errors));
            }
            return new ListQuery(limit, after, sort, search, values);
        }

        private static int limit(Map<String, String[]> request, List<Problem.FieldError> errors) {
            String text = single(request, "limit", errors);
            if (text == null) {
                return DEFAULT_LIMIT;
            }
            if (text.matches("[0-9]{1,4}")) {
                int limit = Integer.parseInt(text);
                if (limit >= 1 && limit <= MAX_LIMIT) {
                    return limit;
                }
            }
            errors.add(new Problem.FieldError("?limit", Sentence.of("problem.whole-number-from-1", MAX_LIMIT)));
            return DEFAULT_LIMIT;
        }

        private @Nullable Cursor cursor(Map<String, String[]> request, String sort, List<Problem.FieldError> errors) {
            String text = single(request, "cursor", errors);
            if (text == null) {
                return null;
            }
            Cursor cursor = Cursor.parse(text).orElse(null);
            if (cursor == null
                    || cursor.values().size() != cursorValues
                    || !cursor.sort().equals(sort)) {
                errors.add(new Problem.FieldError("?cursor", Sentence.of("problem.cursor-of-sort")));
                return null;
            }
            return cursor;
        }

        private static @Nullable String search(Map<String, String[]> request, List<Problem.FieldError> errors) {
            String text = single(request, "search", errors);
            if (text == null || text.isBlank()) {
                return null;
            }
            if (text.length() > MAX_SEARCH || text.indexOf('\0') >= 0) {
                errors.add(
                        new Problem.FieldError("?search", Sentence.of("problem.has-at-most-characters", MAX_SEARCH)));
                return null;
            }
            return text.strip();
        }

        private Map<String, List<String>> filters(Map<String, String[]> request, List<Problem.FieldError> errors) {
            Map<String, List<String>> values = new java.util.HashMap<>();
            filters.forEach((name, filter) -> {
                String[] given = request.get(name);
                if (given == null) {
                    return;
                }
                List<String> all = filter.many
                        ? Arrays.stream(given)
                                .flatMap(g -> Arrays.stream(g.split(",", -1)))
                                .distinct()
                                .toList()
                        : List.of(given);
                if (all.size() > 1 && !filter.many) {
                    errors.add(new Problem.FieldError("?" + name, Sentence.of("problem.once")));
                } else if (!all.stream().allMatch(filter.fits)) {
                    errors.add(new Problem.FieldError("?" + name, filter.unfit));
                }
                values.put(name, all);
            });
            return values;
        }

        private static @Nullable String single(
                Map<String, String[]> request, String name, List<Problem.FieldError> errors) {
            String[] values = request.get(name);
            if (values == null) {
                return null;
            }
            if (values.length > 1) {
                errors.add(new Problem.FieldError("?" + name, Sentence.of("problem.once")));
            }
            return values[0];
        }
    }
}
