package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Holds every answer of the server to {@code contract/openapi.yaml}. Requests are bad on purpose, so they are not. */
final class Contract {
    static final Path FILE = Path.of(System.getProperty("keyrack.root", ".."), "contract", "openapi.yaml");

    /** Where pages for people are, which the contract of the API does not describe. */
    private static final List<String> PAGES =
            List.of("/", "/api", "/api/page.js", "/api/page.css", "/api/openapi.yaml");

    /** Reading it takes a second or two, so it is done once. */
    static final Contract THE = read();

    private final OpenApiInteractionValidator validator;
    private final Map<Pattern, Set<String>> operations;

    private Contract(OpenApiInteractionValidator validator, Map<Pattern, Set<String>> operations) {
        this.validator = validator;
        this.operations = operations;
    }

    private static Contract read() {
        assertThat(Files.exists(FILE)).as("the contract is at " + FILE).isTrue();
        OpenAPI api = new OpenAPIV3Parser().read(FILE.toString());
        return new Contract(
                OpenApiInteractionValidator.createFor(FILE.toString())
                        .withBasePathOverride("/")
                        .build(),
                addresses(api).entrySet().stream()
                        .collect(Collectors.toMap(
                                e -> Pattern.compile(e.getKey().replaceAll("\\{[a-z]+}", "[^/]+")),
                                Map.Entry::getValue)));
    }

    /** Each address that the contract describes, with its methods. */
    static Map<String, Set<String>> addresses() {
        return addresses(new OpenAPIV3Parser().read(FILE.toString()));
    }

    /** The addresses where a POST takes this header. */
    static Set<String> takers(String header) {
        return posts((path, post) -> post.getParameters() != null
                && post.getParameters().stream()
                        .anyMatch(p -> String.valueOf(p.get$ref()).endsWith("/" + header.replace("-", ""))
                                || header.equals(p.getName())));
    }

    /**
     * The addresses where a POST makes something or a new token: those that answer 201, and three more. A link for recovery
     * is none: a newer one takes the place of the former, so that repeating the call leaves one in any case.
     */
    static Set<String> creations() {
        return posts((path, post) -> (post.getResponses().containsKey("201") && !path.endsWith("/recovery-links"))
                || path.endsWith("/regenerate")
                || path.endsWith("/webhook-secret")
                || path.endsWith("/messages")
                || path.endsWith("/token"));
    }

    private static Set<String> posts(BiPredicate<String, Operation> wanted) {
        return new OpenAPIV3Parser()
                .read(FILE.toString()).getPaths().entrySet().stream()
                        // What visitors' browsers call has rules of its own.
                        .filter(e -> e.getKey().startsWith("/api/"))
                        .filter(e -> e.getValue().getPost() != null)
                        .filter(e -> wanted.test(e.getKey(), e.getValue().getPost()))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet());
    }

    private static Map<String, Set<String>> addresses(OpenAPI api) {
        return api.getPaths().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        e -> e.getValue().readOperationsMap().keySet().stream()
                                .map(Enum::name)
                                .collect(Collectors.toSet())));
    }

    void hold(String method, String target, Answer answer) {
        String what = method + " " + (target.length() > 200 ? target.substring(0, 200) : target) + " → "
                + answer.status() + " " + answer.text();
        String path = target.replaceFirst("\\?.*", "");
        if (!path.startsWith("/api/") && answer.header("Content-Type").startsWith("text/html")) {
            assertThat(answer.requestId()).as(what).isNotEmpty();
            return;
        }
        if (answer.status() >= 400) {
            problem(what, path, answer);
        }
        if (PAGES.contains(path) || path.startsWith("/api/assets/")) {
            assertThat(answer.requestId()).as(what).isNotEmpty();
            return;
        }
        ValidationReport report = validate(method, path, answer);
        boolean described = operations.entrySet().stream()
                .anyMatch(
                        e -> e.getKey().matcher(path).matches() && e.getValue().contains(method));
        if (!described || answer.status() == 405 || answer.status() == 431) {
            assertThat(answer.status()).as(what).isGreaterThanOrEqualTo(400);
            report = asProblem(answer);
        }
        assertThat(report.getMessages()).as(what).isEmpty();
    }

    private ValidationReport validate(String method, String path, Answer answer) {
        try {
            return validator.validateResponse(path, Request.Method.valueOf(method), response(answer.status(), answer));
        } catch (IllegalArgumentException e) {
            return asProblem(answer);
        }
    }

    /** A problem that no operation describes is held to the schema of problems all the same. */
    private ValidationReport asProblem(Answer answer) {
        return validator.validateResponse("/api/v1/keys", Request.Method.GET, response(400, answer));
    }

    private static SimpleResponse response(int status, Answer answer) {
        SimpleResponse.Builder response = SimpleResponse.Builder.status(status);
        answer.headers().map().forEach((name, values) -> response.withHeader(name, values));
        if (answer.body().length > 0) {
            response.withBody(answer.body());
        }
        return response.build();
    }

    /** What JSON Schema cannot say of a problem: that it agrees with its own status line and headers. */
    private static void problem(String what, String path, Answer answer) {
        boolean verdict = !answer.header("Keyrack-Code").isEmpty();
        if (verdict || (answer.status() == 503 && path.startsWith("/health/"))) {
            return;
        }
        assertThat(answer.header("Content-Type")).as(what).isEqualTo("application/problem+json");
        assertThat(answer.json().path("status").asInt()).as(what).isEqualTo(answer.status());
        assertThat(answer.at("/requestId"))
                .as(what)
                .isEqualTo(answer.requestId())
                .isNotEmpty();
        assertThat(answer.at("/type")).as(what).isEqualTo("urn:keyrack:problem:" + answer.code());
    }
}
