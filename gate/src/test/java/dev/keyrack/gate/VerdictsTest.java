package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.VerdictVectors;
import dev.keyrack.verifier.VerdictVectors.Group;
import dev.keyrack.verifier.VerdictVectors.Vector;
import dev.keyrack.verifier.VerdictVectors.Way;
import dev.keyrack.verifier.Verifier;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Promise: verify, authorize and introspect give the verdict that the verifier in a program's own process gives, by the
 * vectors in {@code contract/}. The keys come as they come to a gate: in the text of the feed.
 */
@TestInstance(Lifecycle.PER_CLASS)
class VerdictsTest {
    private static final long NOW = VerdictVectors.now();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VISITOR = "X-Visitor-Address";

    /** A group of vectors, and the gate that knows its keys. */
    record Installation(Group group, Verifier verifier, Gate gate) {
        @Override
        public String toString() {
            return group.toString();
        }
    }

    private final List<Installation> installations = new ArrayList<>();
    private HttpClient client;

    @BeforeAll
    void start() {
        client = HttpClient.newHttpClient();
        VerdictVectors.groups().forEach(group -> installations.add(start(group)));
    }

    private static Installation start(Group group) {
        Replica replica = new Replica();
        Replica.Loader loader = replica.load();
        group.around().forEach(change -> loader.add(throughTheFeed(change)));
        group.keys().values().forEach(key -> loader.add(throughTheFeed(key.change())));
        loader.finish(1, 1);
        Verifier verifier = new Verifier(replica, () -> NOW);
        GateSettings settings =
                TestingGate.loopback().withEventLoops(1).withClientAddress(ClientAddress.parse(VISITOR + ":1"));
        return new Installation(
                group,
                verifier,
                Gate.start(settings, replica, verifier, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
    }

    private static FeedChange throughTheFeed(FeedChange change) {
        FeedChange read = FeedJson.read(FeedJson.kind(change), FeedJson.write(change));
        assertThat(read).isEqualTo(change);
        return read;
    }

    @AfterAll
    void stop() {
        installations.forEach(installation -> installation.gate().close());
        client.close();
    }

    List<Installation> installations() {
        return installations;
    }

    @ParameterizedTest
    @MethodSource("installations")
    void verifierInTheProcessGivesTheCodeOfTheVector(Installation at) {
        assertThat(at.group().askedBy(Way.LIBRARY))
                .allSatisfy(vector -> assertThat(
                                at.verifier().verify(vector.question()).code())
                        .isEqualTo(vector.code()));
    }

    @ParameterizedTest
    @MethodSource("installations")
    void verifyGivesTheCodeOfTheVector(Installation at) {
        assertThat(at.group().askedBy(Way.VERIFY)).allSatisfy(vector -> {
            ObjectNode body = JSON.createObjectNode().put("token", vector.token());
            for (String field : List.of("origin", "ip", "app", "permission")) {
                if (vector.asked().has(field)) {
                    body.set(field, vector.asked().get(field));
                }
            }
            HttpResponse<String> answer = post(at, "/v1/verify", "application/json", body.toString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(JSON.readTree(answer.body()).path("code").asString())
                    .isEqualTo(vector.code().name());
            assertThat(JSON.readTree(answer.body()).path("valid").asBoolean()).isEqualTo(vector.code() == Code.VALID);
        });
    }

    @ParameterizedTest
    @MethodSource("installations")
    void authorizeGivesTheCodeOfTheVector(Installation at) {
        assertThat(at.group().askedBy(Way.AUTHORIZE)).allSatisfy(vector -> {
            String query = parameters(vector, "permission", "app").replace("+", "%20");
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            uri(at, "/v1/authorize" + (query.isEmpty() ? "" : "?" + query)))
                    .header("x-api-key", vector.token());
            vector.origins().forEach(origin -> request.header("Origin", origin));
            if (vector.asked().has("ip")) {
                request.header(VISITOR, vector.text("ip"));
            }
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            assertThat(answer.headers()
                            .firstValue("Keyrack-Code")
                            .orElse(answer.statusCode() == 204 ? "VALID" : "status " + answer.statusCode()))
                    .isEqualTo(vector.code().name());
        });
    }

    @ParameterizedTest
    @MethodSource("installations")
    void tokenIsActiveForIntrospectionWhenTheVectorIsValid(Installation at) {
        assertThat(at.group().askedBy(Way.INTROSPECT)).allSatisfy(vector -> {
            String form = "token=" + vector.token() + "&" + parameters(vector, "origin", "ip", "app", "permission");
            HttpResponse<String> answer = post(at, "/v1/introspect", "application/x-www-form-urlencoded", form);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(JSON.readTree(answer.body()).path("active").asBoolean()).isEqualTo(vector.code() == Code.VALID);
        });
    }

    /** As a form, in which a space is a plus sign. */
    private static String parameters(Vector vector, String... fields) {
        List<String> all = new ArrayList<>();
        for (String field : fields) {
            String value = vector.text(field);
            if (value != null) {
                all.add(field + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }
        return String.join("&", all);
    }

    private HttpResponse<String> post(Installation at, String path, String type, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(at, path))
                        .header("Content-Type", type)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static URI uri(Installation at, String path) {
        return URI.create("http://127.0.0.1:" + at.gate().port() + path);
    }
}
