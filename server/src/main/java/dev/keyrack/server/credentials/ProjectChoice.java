package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Names;
import dev.keyrack.server.projects.Project;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.verifier.Sentence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The field in which a project is chosen: from a list where they are few, else by its name or id. */
public final class ProjectChoice {
    private static final int FEW = 50;
    private static final int NAMED = 5;

    /** As {@link Project#choice} writes it. */
    private static final Pattern WITH_ID = Pattern.compile(".*\\((\\S+)\\)", Pattern.DOTALL);

    private final Projects projects;

    ProjectChoice(Projects projects) {
        this.projects = projects;
    }

    /** @param few those to choose from; empty where the field is to be typed into */
    public record Offer(boolean none, List<Project> few) {
        public Offer {
            few = List.copyOf(few);
        }
    }

    /** What was typed: one project, or why it is none. */
    record Found(@Nullable String id, @Nullable Sentence problem) {}

    Offer offer(Caller caller) {
        List<Project> all = search(caller, null, FEW + 1);
        return new Offer(all.isEmpty(), all.size() > FEW ? List.of() : all);
    }

    /** The one of this id or name, or whose name begins so and no other's does. */
    Found find(Caller caller, String typed) {
        Matcher offered = WITH_ID.matcher(typed);
        if (offered.matches()) {
            String id = offered.group(1);
            if (search(caller, id, NAMED).stream().anyMatch(p -> p.id().equals(id))) {
                return new Found(id, null);
            }
        }
        List<Project> found = search(caller, typed, NAMED);
        String folded = Names.fold(typed);
        List<Project> exact = found.stream()
                .filter(p -> p.id().equals(typed) || Names.fold(p.name()).equals(folded))
                .toList();
        Optional<Project> one = exact.size() == 1
                ? Optional.of(exact.getFirst())
                : found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
        return one.map(project -> new Found(project.id(), null))
                .orElseGet(() -> new Found(
                        null,
                        found.isEmpty()
                                ? Sentence.of("problem.project-none")
                                : Sentence.of(
                                        "problem.project-several",
                                        found.stream()
                                                .map(p -> p.id() + " (" + p.name() + ")")
                                                .collect(Collectors.joining(", ")))));
    }

    private List<Project> search(Caller caller, @Nullable String search, int most) {
        return projects.list(caller, new ListQuery(most, null, "name", search, Map.of()))
                .items();
    }
}
