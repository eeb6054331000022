package dev.keyrack.server.permissions;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Settings &gt; Permissions: the operator's catalogue, which everybody may read and the operator may edit. */
@RestController
@RequestMapping("/settings/permissions")
public final class PermissionsPage {
    /** Rows to fill in, below those that are there. */
    private static final int EMPTY_ROWS = 3;

    private final Pages pages;
    private final PermissionCatalogue catalogue;

    public PermissionsPage(Pages pages, PermissionCatalogue catalogue) {
        this.pages = pages;
        this.catalogue = catalogue;
    }

    /** @param types those that may have it */
    public record Row(String permission, String description, List<String> types) {}

    /** @param version of the catalogue that the rows come from; 0 as long as there is none */
    public record Model(List<Row> rows, List<String> types, long version, Form form) {
        /** The text that names a row, for each of them. */
        public Map<String, String> labels() {
            return IntStream.range(0, rows.size())
                    .boxed()
                    .collect(Collectors.toMap(i -> "permissions." + i, i -> "permissions.permission-of"));
        }
    }

    @GetMapping
    ResponseEntity<byte[]> show(Caller caller, HttpServletRequest request) {
        Catalogue now = catalogue.get();
        List<Row> rows = now.entries().entrySet().stream()
                .map(e -> new Row(
                        e.getKey(),
                        e.getValue().description(),
                        e.getValue().since().keySet().stream()
                                .map(KeyType::text)
                                .toList()))
                .toList();
        return show(request, HttpStatus.OK, rows, now.version(), Form.of(Map.of()));
    }

    private ResponseEntity<byte[]> show(
            HttpServletRequest request, HttpStatus status, List<Row> rows, long version, Form form) {
        List<Row> all = new ArrayList<>(rows);
        for (int i = 0; i < EMPTY_ROWS; i++) {
            all.add(new Row("", "", List.of()));
        }
        List<String> types = Arrays.stream(KeyType.values()).map(KeyType::text).toList();
        return pages.show(request, status, "permissions/catalogue", new Model(all, types, version, form));
    }

    @PostMapping
    ResponseEntity<byte[]> save(Caller caller, HttpServletRequest request) {
        catalogue.requireRight(caller);
        List<Row> typed = rows(request);
        String seen = Form.of(request).value("version");
        try {
            JsonInput in = JsonInput.of(body(typed));
            Map<String, Catalogue.Wanted> wanted = PermissionsApi.wanted(in);
            in.finish();
            catalogue.replace(caller, wanted, version -> {
                if (!seen.equals(String.valueOf(version))) {
                    throw new ProblemException(new Problem.PreconditionFailed(Sentence.of("problem.catalogue-stale")));
                }
            });
            return Pages.go("/settings/permissions?done=permissions-saved");
        } catch (ProblemException e) {
            return show(
                    request,
                    Pages.status(e.problem()),
                    typed,
                    catalogue.get().version(),
                    Form.of(Map.of()).with(e.problem()));
        }
    }

    /** Rows without a permission are none. */
    private static List<Row> rows(HttpServletRequest request) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; request.getParameter("permission-" + i) != null; i++) {
            Form form = Form.of(request);
            String permission = form.value("permission-" + i).strip();
            if (!permission.isEmpty()) {
                rows.add(new Row(
                        permission, form.value("description-" + i).strip(), List.copyOf(form.values("types-" + i))));
            }
        }
        return rows;
    }

    private static ObjectNode body(List<Row> rows) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode all = body.putArray("permissions");
        for (Row row : rows) {
            ObjectNode one = all.addObject().put("permission", row.permission()).put("description", row.description());
            row.types().forEach(one.putArray("types")::add);
        }
        return body;
    }
}
