package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: a web key's component shows what was chosen for it, every option within its bounds, and nothing else is taken. */
@Tag("engines")
@TestInstance(Lifecycle.PER_CLASS)
class ComponentOptionsTest {
    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String fresh() {
        return server.make("web").path() + "/component";
    }

    @Test
    void keyThatNobodyConfiguredHasTheDefaultsOfTheDesign() {
        Answer answer = server.owner.get(fresh());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("/component/button/size")).isEqualTo("70");
        assertThat(answer.at("/component/button/side")).isEqualTo("right");
        assertThat(answer.at("/component/button/bottomMargin")).isEqualTo("10");
        assertThat(answer.at("/component/prompts/seconds")).isEqualTo("5");
        assertThat(answer.at("/component/messageLimit")).isEmpty();
        assertThat(answer.header("ETag")).contains("\"0\"");
    }

    @Test
    void patchChangesWhatItNamesAndNullGoesBackToTheDefault() {
        String path = fresh();
        server.owner.patch(
                path,
                "{'title':'Shop','button':{'size':40,'side':'left'},'messageLimit':{'messages':20,'text':'Call us.'},"
                        + "'prompts':{'texts':['One','Two']},'privacyUrl':'https://example.com/privacy','crossPage':false}");
        Answer some = server.owner.patch(path, "{'button':{'bottomMargin':200},'messageLimit':{'messages':5}}");
        assertThat(some.status()).as(some.text()).isEqualTo(200);
        assertThat(some.at("/component/button/size")).isEqualTo("40");
        assertThat(some.at("/component/button/bottomMargin")).isEqualTo("200");
        assertThat(some.at("/component/messageLimit/messages")).isEqualTo("5");
        assertThat(some.at("/component/messageLimit/text")).isEqualTo("Call us.");
        assertThat(some.at("/component/crossPage")).isEqualTo("false");
        Answer cleared = server.owner.patch(
                path, "{'button':null,'messageLimit':null,'prompts':{'texts':null},'privacyUrl':null,'title':null}");
        assertThat(cleared.at("/component/button/size")).isEqualTo("70");
        assertThat(cleared.at("/component/messageLimit")).isEmpty();
        assertThat(cleared.at("/component/privacyUrl")).isEmpty();
        assertThat(cleared.at("/component/title")).isEqualTo("Assistant");
        assertThat(server.owner.get(path).text()).isEqualTo(cleared.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'button':{'size':40}}",
                "{'button':{'size':140}}",
                "{'button':{'bottomMargin':10}}",
                "{'prompts':{'seconds':1}}",
                "{'prompts':{'seconds':3600}}",
                "{'messageLimit':{'messages':1,'text':'x'}}",
                "{'messageLimit':{'messages':10000,'text':'x'}}",
                "{'locale':'pt-BR'}",
                "{'accent':'#ABCdef'}",
                "{'termsUrl':'http://example.com:8080/a?b#c'}"
            })
    void optionAtItsBoundIsTaken(String body) {
        Answer answer = server.owner.patch(fresh(), body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'button':{'size':39}}|/button/size",
                "{'button':{'size':141}}|/button/size",
                "{'button':{'size':70.5}}|/button/size",
                "{'button':{'bottomMargin':9}}|/button/bottomMargin",
                "{'button':{'bottomMargin':201}}|/button/bottomMargin",
                "{'button':{'side':'top'}}|/button/side",
                "{'button':{'color':'red'}}|/button/color",
                "{'button':[]}|/button",
                "{'prompts':{'seconds':0}}|/prompts/seconds",
                "{'prompts':{'mode':'all'}}|/prompts/mode",
                "{'prompts':{'texts':['']}}|/prompts/texts/0",
                "{'prompts':{'texts':['One','One']}}|/prompts/texts/1",
                "{'messageLimit':{'messages':0,'text':'x'}}|/messageLimit/messages",
                "{'messageLimit':{'messages':10001,'text':'x'}}|/messageLimit/messages",
                "{'messageLimit':{'messages':3}}|/messageLimit/text",
                "{'messageLimit':{'text':'x'}}|/messageLimit/messages",
                "{'locale':'xx_YY_!'}|/locale",
                "{'scheme':'blue'}|/scheme",
                "{'accent':'red'}|/accent",
                "{'accent':'#12345'}|/accent",
                "{'privacyUrl':'javascript:alert(1)'}|/privacyUrl",
                "{'privacyUrl':'//example.com'}|/privacyUrl",
                "{'termsUrl':'https://user:secret@example.com'}|/termsUrl",
                "{'termsUrl':'data:text/html,x'}|/termsUrl",
                "{'sound':'yes'}|/sound",
                "{'unknown':1}|/unknown"
            })
    void whatDoesNotFitIsToldByItsPlaceAndChangesNothing(String body, String pointer) {
        String path = fresh();
        Answer answer = server.owner.patch(path, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.at("/errors/0/pointer")).isEqualTo(pointer);
        assertThat(server.owner.get(path).header("ETag")).contains("\"0\"");
    }

    @Test
    void longListsAndTextsAreRefused() {
        String path = fresh();
        String prompts = IntStream.range(0, 21).mapToObj(i -> "'p" + i + "'").collect(Collectors.joining(","));
        assertThat(server.owner
                        .patch(path, "{'prompts':{'texts':[" + prompts + "]}}")
                        .at("/errors/0/pointer"))
                .isEqualTo("/prompts/texts");
        assertThat(server.owner
                        .patch(path, "{'prompts':{'texts':['" + "x".repeat(201) + "']}}")
                        .at("/errors/0/pointer"))
                .isEqualTo("/prompts/texts/0");
        assertThat(server.owner
                        .patch(path, "{'messageLimit':{'messages':3,'text':'" + "x".repeat(501) + "'}}")
                        .at("/errors/0/pointer"))
                .isEqualTo("/messageLimit/text");
        assertThat(server.owner
                        .patch(path, "{'introMessages':['1','2','3','4','5','6']}")
                        .at("/errors/0/pointer"))
                .isEqualTo("/introMessages");
    }

    @ParameterizedTest
    @CsvSource({
        "title, '', 60, /title",
        "introMessages, '', 500, /introMessages/0",
        "privacyUrl, https://example.com/, 2000, /privacyUrl",
        "termsUrl, https://example.com/, 2000, /termsUrl",
        "locale, de-abcdefgh-abcdefgh-abcdefgh-, 35, /locale"
    })
    void textIsAsLongAsItsBoundAndNoLonger(String option, String begin, int most, String pointer) {
        String path = fresh();
        String longest = begin + "x".repeat(most - begin.length());
        String form = option.equals("introMessages") ? "{'%s':['%s']}" : "{'%s':'%s'}";
        assertThat(server.owner.patch(path, form.formatted(option, longest)).status())
                .isEqualTo(200);
        Answer longer = server.owner.patch(path, form.formatted(option, longest + "x"));
        assertThat(longer.status()).isEqualTo(400);
        assertThat(longer.at("/errors/0/pointer")).isEqualTo(pointer);
    }

    @Test
    void entriesOfListsAreLinesOfPlainText() {
        String path = fresh();
        for (String wrong : new String[] {"a\\u202eb", "a\\u2066b", "a\\u2028b", "a\\ud800b", "a\\nb"}) {
            assertThat(server.owner
                            .patch(path, "{'introMessages':['fits','" + wrong + "']}")
                            .at("/errors/0/pointer"))
                    .as(wrong)
                    .isEqualTo("/introMessages/1");
            assertThat(server.owner
                            .patch(path, "{'prompts':{'texts':['" + wrong + "']}}")
                            .at("/errors/0/pointer"))
                    .as(wrong)
                    .isEqualTo("/prompts/texts/0");
        }
    }

    private Answer put(String path) {
        return server.owner.send("PUT", path, BodyPublishers.noBody());
    }

    @Test
    void whoeverReadAnOlderVersionIsToldSo() {
        String path = fresh();
        server.owner.patch(path, "{'title':'One'}");
        Answer late = server.owner.patch(path, "{'title':'Two'}", "If-Match", "\"0\"");
        assertThat(late.status()).isEqualTo(412);
        assertThat(server.owner.get(path).at("/component/title")).isEqualTo("One");
    }

    @Test
    void everyChangeStandsInTheAuditTrailWithWhatDiffers() {
        TestingServer.Made key = server.make("web");
        server.owner.patch(key.path() + "/component", "{'title':'Shop','sound':true}");
        Answer events = server.owner.get(key.path() + "/events");
        assertThat(events.at("/items/0/action")).isEqualTo("key.component-updated");
        assertThat(events.at("/items/0/after/title")).isEqualTo("Shop");
        assertThat(events.at("/items/0/before/title")).isEqualTo("Assistant");
        assertThat(events.text()).doesNotContain("closeButton");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mobile", "server", "analytics"})
    void keyOfAnotherTypeConfiguresNone(String type) {
        String path = server.make(type).path() + "/component";
        assertThat(server.owner.get(path).status()).isEqualTo(404);
        assertThat(server.owner.patch(path, "{'title':'x'}").status()).isEqualTo(404);
    }

    @Test
    void revokedKeyCanBeLookedAtAndNotChanged() {
        TestingServer.Made key = server.make("web");
        server.owner.delete(key.path());
        assertThat(server.owner.get(key.path() + "/component").status()).isEqualTo(200);
        assertThat(server.owner
                        .patch(key.path() + "/component", "{'title':'x'}")
                        .status())
                .isEqualTo(409);
        assertThat(put(key.path() + "/hosted-page").status()).isEqualTo(409);
    }

    @Test
    void projectHasOnePageOfItsOwnAndTheKeyThatCameLastOpensIt() {
        TestingServer.Made first = server.make("web");
        TestingServer.Made second = server.make("web");
        String address = put(first.path() + "/hosted-page").at("/hostedPage");
        assertThat(address).endsWith("/a/" + server.project);
        Answer page = server.nobody.get("/a/" + server.project);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains(first.id()).doesNotContain(first.token());
        assertThat(page.header("Set-Cookie")).isEmpty();
        put(second.path() + "/hosted-page");
        assertThat(server.owner.get(first.path() + "/component").at("/hostedPage"))
                .isEmpty();
        assertThat(server.nobody.get("/a/" + server.project).text()).contains(second.id());
        // What the page does not open any more cannot take it away.
        server.owner.delete(first.path() + "/hosted-page");
        assertThat(server.nobody.get("/a/" + server.project).status()).isEqualTo(200);
        server.owner.delete(second.path() + "/hosted-page");
        assertThat(server.nobody.get("/a/" + server.project).status()).isEqualTo(404);
    }
}
