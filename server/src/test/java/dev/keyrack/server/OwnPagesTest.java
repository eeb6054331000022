package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.conversations.PageCodes;
import dev.keyrack.server.store.TestingKeyset;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Promise: on Keyrack's own pages, the preview of a key and a project's own page, a key works whatever its websites are; it
 * does nowhere else, and in all else it must be good there, too.
 */
@TestInstance(Lifecycle.PER_CLASS)
class OwnPagesTest {
    private static final Pattern CODE = Pattern.compile("page-code=\"([^\"]+)\"");
    private static final String ONLY_ELSEWHERE = ",'restrictions':{'websites':['https://example.com']}";

    private TestingServer server;
    private String own;

    @BeforeAll
    void start() {
        server = TestingServer.start();
        own = ControlFile.read(server.data).orElseThrow().url();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String hosted(TestingServer.Made key) {
        server.owner.send("PUT", key.path() + "/hosted-page", BodyPublishers.noBody());
        return code(server.nobody.get("/a/" + server.project).text());
    }

    private String preview(TestingServer.Made key) {
        return code(TestingReader.owner(server)
                .open("/settings/api-keys/" + key.id() + "/component/preview")
                .text());
    }

    private static String code(String page) {
        Matcher matcher = CODE.matcher(page);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private Answer session(String code, String origin) {
        return server.nobody.as("Origin", origin).post("/assistant/v1/sessions", "{'page':'" + code + "'}");
    }

    @Test
    void keyThatIsRestrictedToOtherWebsitesWorksOnOurPagesAndNowhereElse() {
        TestingServer.Made key = server.make("web", ONLY_ELSEWHERE);
        for (String code : new String[] {hosted(key), preview(key)}) {
            assertThat(session(code, own).status()).isEqualTo(201);
            assertThat(session(code, "https://example.org").code()).isEqualTo("UNKNOWN");
            assertThat(session(code, "https://example.com").code()).isEqualTo("UNKNOWN");
            assertThat(session(code, "null").code()).isEqualTo("UNKNOWN");
            assertThat(session(code + "A", own).code()).isEqualTo("UNKNOWN");
        }
    }

    @Test
    void pageThatIsTooOldIsToldSoAndGetsAnotherCodeWhenItIsLoadedAgain() {
        TestingServer.Made key = server.make("web", ONLY_ELSEWHERE);
        PageCodes longAgo = new PageCodes(TestingKeyset.in(server.data), () -> 1);
        for (String old : new String[] {longAgo.hosted(key.id()), longAgo.preview(key.id(), "mem_1")}) {
            Answer expired = session(old, own);
            assertThat(expired.status()).isEqualTo(401);
            assertThat(expired.code()).isEqualTo("PAGE_EXPIRED");
            assertThat(session(old, "https://example.com").code()).isEqualTo("UNKNOWN");
        }
        assertThat(session(hosted(key), own).status()).isEqualTo(201);
        assertThat(session(preview(key), own).status()).isEqualTo(201);
    }

    @Test
    void codeOfOneKindIsNoneOfTheOther() {
        TestingServer.Made key = server.make("web", ONLY_ELSEWHERE);
        String hosted = hosted(key);
        server.owner.patch(key.path(), "{'restrictions':{'networks':['192.0.2.0/24']}}");
        assertThat(session(preview(key), own).status()).isEqualTo(201);
        assertThat(session(hosted, own).code()).isEqualTo("NETWORK_NOT_ALLOWED");
        assertThat(session(hosted.replace("hosted.", "preview."), own).code()).isEqualTo("UNKNOWN");
    }

    @Test
    void keyThatIsDisabledIsOffOnOurPages() {
        TestingServer.Made key = server.make("web", ONLY_ELSEWHERE);
        String code = hosted(key);
        server.owner.post(key.path() + "/disable");
        assertThat(session(code, own).code()).isEqualTo("DISABLED");
        server.owner.post(key.path() + "/enable");
        assertThat(session(code, own).status()).isEqualTo(201);
        server.owner.delete(key.path());
        assertThat(session(code, own).code()).isEqualTo("REVOKED");
    }

    private Answer start(String access) {
        return server.nobody
                .as(
                        "Origin",
                        own,
                        "Authorization",
                        "Bearer " + access,
                        "Idempotency-Key",
                        UUID.randomUUID().toString())
                .post("/assistant/v1/conversations", "{}");
    }

    /** Our pages have never shown a token: who is there has nothing to do with one that has leaked. */
    @Test
    void ourPagesGoOnWithTheKeysNewestTokenWhenItIsRegenerated() {
        for (String overlap : new String[] {"{}", "{'overlapSeconds':3600}"}) {
            TestingServer.Made key = server.make("web", ONLY_ELSEWHERE);
            for (String code : new String[] {hosted(key), preview(key)}) {
                server.byHand("DELETE FROM visitor_counts");
                String access = session(code, own).at("/access");
                assertThat(server.owner
                                .post(key.path() + "/regenerate", overlap)
                                .status())
                        .isEqualTo(200);
                assertThat(start(access).status()).as("who was there before").isEqualTo(201);
                String again = session(code, own).at("/access");
                assertThat(start(again).status()).as("a page that was open").isEqualTo(201);
                assertThat(server.owner.post(key.path() + "/end-overlap").status())
                        .isEqualTo(200);
                assertThat(start(access).status()).isEqualTo(201);
                assertThat(start(again).status()).isEqualTo(201);
            }
            assertThat(session(hosted(key), own).status())
                    .as("a page that is opened")
                    .isEqualTo(201);
        }
    }

    @Test
    void optionsAreToldWhereTheKeyIsGoodAndNowhereElse() {
        TestingServer.Made key = server.make("web", ONLY_ELSEWHERE);
        String path = "/assistant/v1/components/" + key.id();
        Answer good = server.nobody.as("Origin", "https://example.com").get(path);
        assertThat(good.status()).isEqualTo(200);
        assertThat(good.at("/id")).isEqualTo(key.id());
        assertThat(good.header("Access-Control-Allow-Origin")).isEqualTo("https://example.com");
        assertThat(good.header("Vary")).contains("Origin");
        String tag = good.header("ETag");
        assertThat(server.nobody
                        .as("Origin", "https://example.com", "If-None-Match", tag)
                        .get(path)
                        .status())
                .isEqualTo(304);
        server.owner.patch(key.path() + "/component", "{'title':'Other'}");
        Answer changed = server.nobody
                .as("Origin", "https://example.com", "If-None-Match", tag)
                .get(path);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.at("/title")).isEqualTo("Other");
        assertThat(server.nobody.as("Origin", "https://example.org").get(path).code())
                .isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.nobody.get(path).code()).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.nobody.get("/assistant/v1/components/00000000000").status())
                .isEqualTo(404);
        server.owner.delete(key.path());
        assertThat(server.nobody.as("Origin", "https://example.com").get(path).code())
                .isEqualTo("REVOKED");
    }

    @Test
    void pageThatWasTurnedOffOpensNoConversationAnyMore() {
        TestingServer.Made key = server.make("web", ONLY_ELSEWHERE);
        String code = hosted(key);
        Answer session = session(code, own);
        assertThat(session.status()).isEqualTo(201);
        String access = session.at("/access");
        server.owner.delete(key.path() + "/hosted-page");
        assertThat(session(code, own).code()).isEqualTo("UNKNOWN");
        Answer late = server.nobody
                .as("Origin", own, "Authorization", "Bearer " + access, "Idempotency-Key", "one")
                .post("/assistant/v1/conversations", "{}");
        assertThat(late.code()).isEqualTo("SESSION_ENDED");
    }

    @Test
    void pageOfAKeyThatIsOffIsNotThere() {
        TestingServer.Made key = server.make("web", ONLY_ELSEWHERE);
        hosted(key);
        server.owner.post(key.path() + "/disable");
        assertThat(server.nobody.get("/a/" + server.project).status()).isEqualTo(404);
        server.owner.post(key.path() + "/enable");
        assertThat(server.nobody.get("/a/" + server.project).status()).isEqualTo(200);
        server.owner.patch(key.path(), "{'restrictions':{'networks':['192.0.2.0/24']}}");
        assertThat(server.nobody.get("/a/" + server.project).status()).isEqualTo(404);
    }

    private HttpResponse<byte[]> file(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(own + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void scriptsOfTheComponentAreKeptByBrowsersAndLoadedByEveryPage() throws Exception {
        HttpResponse<byte[]> loader = file("/assistant/v1.js", "Accept-Encoding", "br");
        assertThat(loader.statusCode()).isEqualTo(200);
        assertThat(header(loader, "Content-Encoding")).isEqualTo("br");
        assertThat(header(loader, "Vary")).contains("Accept-Encoding");
        assertThat(header(loader, "Cache-Control")).isEqualTo("max-age=300, public");
        assertThat(header(loader, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(header(loader, "Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
        assertThat(header(loader, "Content-Type")).contains("javascript");
        String tag = header(loader, "ETag");
        assertThat(tag).isNotEmpty();
        assertThat(file("/assistant/v1.js", "Accept-Encoding", "br", "If-None-Match", tag)
                        .statusCode())
                .isEqualTo(304);
        HttpResponse<byte[]> plain = file("/assistant/v1.js");
        assertThat(header(plain, "Content-Encoding")).isEmpty();
        assertThat(header(plain, "Vary"))
                .as("a cache keeps it for whom it is for")
                .contains("Accept-Encoding");
        Matcher chat = Pattern.compile("chunks/\\$\\{[^}]+}-([0-9A-F]{8})\\.js")
                .matcher(new String(plain.body(), StandardCharsets.UTF_8));
        assertThat(chat.find()).as("what the names of its chunks end in").isTrue();
        HttpResponse<byte[]> chunk = file("/assistant/chunks/chat-" + chat.group(1) + ".js", "Accept-Encoding", "gzip");
        assertThat(chunk.statusCode()).isEqualTo(200);
        assertThat(header(chunk, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(chunk, "Cache-Control")).contains("immutable");
        assertThat(file("/assistant/chunks/none-AAAAAAAA.js").statusCode()).isEqualTo(404);
        HttpResponse<byte[]> former = file("/assistant/chunks/chat-AAAAAAAA.js");
        assertThat(former.statusCode())
                .as("of a page that was open during an upgrade")
                .isEqualTo(302);
        assertThat(header(former, "Location")).isEqualTo("/assistant/chunks/chat-" + chat.group(1) + ".js");
        assertThat(header(former, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(former, "Access-Control-Allow-Origin")).isEqualTo("*");
    }

    @Test
    void manifestHasTheIntegrityOfEachScriptForWhoWantsToPinIt() throws Exception {
        HttpResponse<byte[]> answer = file("/assistant/manifest.json");
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
        JsonNode manifest = JsonMapper.shared().readTree(answer.body());
        assertThat(manifest.at("/loader/integrity").asString()).isEqualTo(integrity("/assistant/v1.js"));
        assertThat(manifest.at("/chunks").size()).isGreaterThan(10);
        for (JsonNode chunk : manifest.at("/chunks")) {
            assertThat(chunk.at("/integrity").asString())
                    .isEqualTo(integrity("/assistant/" + chunk.at("/file").asString()));
        }
    }

    private String integrity(String path) throws Exception {
        return "sha384-"
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-384")
                                .digest(file(path).body()));
    }
}
