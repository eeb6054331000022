package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.app.ControlFile;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

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
    void codeOfOneKindIsNoneOfTheOther() {
        TestingServer.Made key =
                server.make("web", ",'restrictions':{'websites':['https://example.com'],'networks':['192.0.2.0/24']}");
        String hosted = hosted(key);
        assertThat(session(preview(key), own).status()).isEqualTo(201);
        assertThat(session(hosted, own).code()).isEqualTo("NETWORK_NOT_ALLOWED");
        assertThat(session(hosted.replace("hosted.", "preview."), own).code()).isEqualTo("UNKNOWN");
    }

    @Test
    void keyThatIsDisabledOrRegeneratedIsOffOnOurPages() {
        TestingServer.Made key = server.make("web", ONLY_ELSEWHERE);
        String code = hosted(key);
        server.owner.post(key.path() + "/disable");
        assertThat(session(code, own).code()).isEqualTo("DISABLED");
        server.owner.post(key.path() + "/enable");
        assertThat(session(code, own).status()).isEqualTo(201);
        server.owner.post(key.path() + "/regenerate", "{}");
        assertThat(session(code, own).code()).isEqualTo("REVOKED");
        assertThat(session(hosted(key), own).status()).isEqualTo(201);
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
}
