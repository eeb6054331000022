package dev.keyrack.server;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** A page of the portal or a form of one. */
record PortalRoute(String method, String path) {
    /** Forms before the door. */
    static final Set<String> OPEN_FORMS =
            Set.of("/sign-in", "/recover", "/invitation", "/invitation/accept", "/forgotten", "/welcome");

    static List<PortalRoute> forms() {
        return all().stream().filter(route -> route.method.equals("POST")).toList();
    }

    /** Found in the classes themselves, so that none is forgotten. */
    static List<PortalRoute> all() {
        List<PortalRoute> routes = new ArrayList<>();
        for (var found : new ClassFileImporter().importPackages("dev.keyrack.server")) {
            if (!found.getSimpleName().endsWith("Page") || found.getSimpleName().equals("DocumentationPage")) {
                continue;
            }
            Class<?> type = found.reflect();
            RequestMapping base = type.getAnnotation(RequestMapping.class);
            String prefix = base == null ? "" : first(base.path(), base.value());
            for (Method method : type.getDeclaredMethods()) {
                GetMapping get = method.getAnnotation(GetMapping.class);
                PostMapping post = method.getAnnotation(PostMapping.class);
                if (get != null) {
                    for (String path : paths(get.path(), get.value())) {
                        routes.add(new PortalRoute("GET", prefix + path));
                    }
                }
                if (post != null) {
                    for (String path : paths(post.path(), post.value())) {
                        routes.add(new PortalRoute("POST", prefix + path));
                    }
                }
            }
        }
        return routes;
    }

    private static String first(String[] path, String[] value) {
        return paths(path, value).getFirst();
    }

    private static List<String> paths(String[] path, String[] value) {
        return path.length + value.length == 0
                ? List.of("")
                : Stream.of(path, value).flatMap(Stream::of).toList();
    }
}
