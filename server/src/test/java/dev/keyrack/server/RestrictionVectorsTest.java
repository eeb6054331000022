package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingServer.Made;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Promise: what a person types is saved as the vectors in {@code contract/} say, or refused with their reason, by the management
 * API and by the form of the portal alike.
 */
@TestInstance(Lifecycle.PER_CLASS)
class RestrictionVectorsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TestingServer server;
    private TestingReader reader;
    private Made byApi;
    private Made byForm;

    /**
     * @param field where it is typed
     * @param entry which of the entries is refused, or which of its fields; the first where it is not told
     */
    record Vector(
            String field,
            List<JsonNode> typed,
            List<JsonNode> saved,
            @Nullable String notice,
            @Nullable String problem,
            String entry) {
        static Vector of(String field, JsonNode json) {
            return new Vector(
                    field,
                    entries(json.path("typed")),
                    entries(json.path("saved")),
                    json.path("notice").asStringOpt().orElse(null),
                    json.path("problem").asStringOpt().orElse(null),
                    json.path("entry").asString(""));
        }

        private static List<JsonNode> entries(JsonNode json) {
            List<JsonNode> all = new ArrayList<>();
            if (json.isArray()) {
                json.forEach(all::add);
            } else if (!json.isMissingNode()) {
                all.add(json);
            }
            return all;
        }

        boolean local() {
            return field.startsWith("localDevelopment.");
        }

        String pointer() {
            String list = "/restrictions/" + field + "/";
            return local()
                    ? "/" + field.replace('.', '/')
                    : field.equals("apps") ? list + "0/" + entry : list + (entry.isEmpty() ? "0" : entry);
        }

        /** As the form has it: one entry a line, the parts of an app with spaces between them. */
        List<String> lines() {
            return typed.stream()
                    .map(entry -> entry.isString()
                            ? entry.asString()
                            : String.join(
                                    " ",
                                    entry.properties().stream()
                                            .map(part -> part.getValue().asString())
                                            .toList()))
                    .toList();
        }

        /** The line that is refused. */
        String line() {
            return lines().get(entry.matches("[0-9]+") ? Integer.parseInt(entry) : 0)
                    .strip();
        }

        @Override
        public String toString() {
            return field + ": " + String.join(" and ", lines());
        }
    }

    @BeforeAll
    void start() {
        server = TestingServer.start();
        reader = TestingReader.owner(server);
        byApi = server.make("web");
        byForm = server.make("web");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    static Stream<Vector> vectors() throws Exception {
        Path root = Path.of(System.getProperty("keyrack.root"));
        JsonNode file = JSON.readTree(Files.readString(root.resolve("contract/restrictions.json")));
        return file.properties().stream()
                .filter(group -> group.getValue().isArray())
                .flatMap(group ->
                        Vector.entries(group.getValue()).stream().map(vector -> Vector.of(group.getKey(), vector)));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void whatIsTypedIsSavedOrRefusedAsTheVectorSays(Vector vector) {
        Answer sent = server.owner.patch(byApi.path(), body(vector).toString());
        Answer typed = send(vector);
        if (vector.problem() != null) {
            assertThat(sent.status()).as(sent.text()).isEqualTo(400);
            assertThat(sent.pointers()).containsExactly(vector.pointer());
            assertThat(sent.at("/errors/0/detail")).contains(vector.problem());
            assertThat(typed.status()).isEqualTo(400);
            assertThat(shown(typed))
                    .contains((vector.local() ? "" : vector.line() + ": ")
                            // What the API calls a field is a box for whoever types.
                            + sent.at("/errors/0/detail")
                                    .replace("set restrictions.allowWide to true", "allow very wide networks below"));
            return;
        }
        assertThat(sent.status()).as(sent.text()).isEqualTo(200);
        assertThat(typed.status()).isEqualTo(vector.local() ? 303 : 200);
        assertThat(saved(byApi, vector)).isEqualTo(vector.saved());
        assertThat(saved(byForm, vector)).isEqualTo(vector.saved());
        if (vector.notice() != null) {
            assertThat(sent.json().at("/notices").size()).as(sent.text()).isEqualTo(1);
            assertThat(sent.at("/notices/0/detail")).contains(vector.notice());
            assertThat(shown(typed)).contains(sent.at("/notices/0/detail"));
        } else if (!vector.local()) {
            assertThat(sent.json().path("notices").size()).as(sent.text()).isZero();
        }
    }

    private static ObjectNode body(Vector vector) {
        ObjectNode body = JSON.createObjectNode();
        if (vector.local()) {
            ObjectNode local = body.putObject("localDevelopment");
            local.set(
                    vector.field().replace("localDevelopment.", ""),
                    vector.typed().getFirst());
            return body;
        }
        ArrayNode list = body.putObject("restrictions").putArray(vector.field());
        vector.typed().forEach(list::add);
        return body;
    }

    private Answer send(Vector vector) {
        String page = "/settings/api-keys/" + byForm.id() + "/restrictions";
        String text = String.join("\r\n", vector.lines());
        if (vector.local()) {
            return reader.send(page + "/local", vector.field(), text);
        }
        String version = reader.open(page).text().replaceFirst("(?s).*name=\"version\" value=\"([^\"]+)\".*", "$1");
        return reader.send(
                page, "version", version, "set-" + vector.field(), "yes", "restrictions." + vector.field(), text);
    }

    private List<JsonNode> saved(Made made, Vector vector) {
        JsonNode key = server.owner.get(made.path()).json().path("key");
        JsonNode saved = switch (vector.field()) {
            case "localDevelopment.website" -> key.at("/localDevelopment/websites");
            case "localDevelopment.address" -> key.at("/localDevelopment/networks");
            default -> key.path("restrictions").path(vector.field());
        };
        return Vector.entries(saved);
    }

    /** What a person reads on a page. */
    private static String shown(Answer page) {
        return page.text()
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
    }
}
