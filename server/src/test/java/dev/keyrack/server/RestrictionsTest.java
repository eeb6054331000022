package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.keyrack.server.TestingServer.Made;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import tools.jackson.databind.JsonNode;

/** Promise: where a key may be used is what its owner said, from the answer on that confirms it. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("engines")
class RestrictionsTest {
    private static final String CERTIFICATE = "AB".repeat(32);

    private TestingServer server;

    @BeforeAll
    void start() {
        server = TestingServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private JsonNode restrictions(Made made) {
        return server.owner.get(made.path()).json().at("/key/restrictions");
    }

    @Test
    void websitesAreHostsWithoutOrWithAllTheirSubdomains() {
        Made one = server.restricted("{'websites':['https://example.com','http://www.example.com:8000']}");
        assertThat(server.from(one, "https://example.com")).isEqualTo("VALID");
        assertThat(server.from(one, "http://www.example.com:8000")).isEqualTo("VALID");
        assertThat(server.from(one, "http://example.com")).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.from(one, "https://sub.example.com")).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.from(one, "http://www.example.com")).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.verdict(one, "")).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.from(one, "null")).isEqualTo("WEBSITE_NOT_ALLOWED");

        Made all = server.restricted("{'websites':['https://*.example.com']}");
        assertThat(server.from(all, "https://a.b.example.com")).isEqualTo("VALID");
        assertThat(server.from(all, "https://example.com")).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.from(all, "https://notexample.com")).isEqualTo("WEBSITE_NOT_ALLOWED");
    }

    @Test
    void pathsAreDroppedAndTheAnswerSaysSo() {
        Answer made = server.owner.post(
                "/api/v1/keys",
                "{'name':'n','type':'web','projectId':'" + server.project
                        + "','restrictions':{'websites':['https://Bücher.example/shop?secret=1#x','https://example.com/',"
                        + "'https://EXAMPLE.com.:443']}}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.json().at("/key/restrictions/websites").toString())
                .isEqualTo("[\"https://xn--bcher-kva.example\",\"https://example.com\"]");
        assertThat(made.json().at("/notices").size()).isEqualTo(2);
        assertThat(made.at("/notices/0/pointer")).isEqualTo("/restrictions/websites/0");
        assertThat(made.at("/notices/0/detail")).contains("path").doesNotContain("secret");
        assertThat(made.at("/notices/1/pointer")).isEqualTo("/restrictions/websites/2");
        Answer quiet = server.owner.patch(
                "/api/v1/keys/" + made.at("/key/id"), "{'restrictions':{'websites':['https://example.com/a']}}");
        assertThat(quiet.at("/notices/0/pointer")).isEqualTo("/restrictions/websites/0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "example.com|must begin with",
                "ftp://example.com|must begin with",
                "https://*.co.uk|anybody",
                "https://*.github.io|anybody",
                "https://*.kawasaki.jp|anybody",
                "https://*.r.appspot.com|anybody",
                "https://*.com|anybody",
                "https://a*.example.com|stand alone",
                "https://*|stand alone",
                "https://*.*.example.com|stand alone",
                "https://sub.*.example.com|stand alone",
                "https://user:word@example.com|user name",
                "https://*.192.0.2.1|IP address",
                "https://1.2.3|no host name",
                "https://0x7f.1|no host name",
                "https://exa mple.com|no host name",
                "https://-|x",
                "https://example.com:0|no host name",
                "https://example.com:65536|no host name",
                "https://|no host name",
                "https://a..b|no host name",
                "https://[::g]|no host name",
                "https://[fe80::1%25eth0]|no host name",
                "https://xn--a.b%2fc|no host name"
            })
    void whatIsNoWebsiteIsRefusedWithTheReason(String website, String reason) {
        Answer refused = server.owner.post(
                "/api/v1/keys",
                "{'name':'n','type':'web','projectId':'" + server.project + "','restrictions':{'websites':['" + website
                        + "']}}");
        if (reason.equals("x")) {
            assertThat(refused.status()).isEqualTo(201);
            return;
        }
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.pointers()).containsExactly("/restrictions/websites/0");
        assertThat(refused.at("/errors/0/detail")).contains(reason);
    }

    @Test
    void anEmptyListOfWebsitesRefusesAllUnlessAnyIsAccepted() {
        Made none = server.restricted("{'websites':[]}");
        assertThat(server.from(none, "https://example.com")).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.owner
                        .patch(none.path(), "{'restrictions':{'anyWebsite':true}}")
                        .status())
                .isEqualTo(200);
        assertThat(server.from(none, "https://example.com")).isEqualTo("VALID");
        assertThat(server.from(none, "null")).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(restrictions(none).toString()).isEqualTo("{\"websites\":[],\"anyWebsite\":true}");
    }

    @Test
    void networksAreAddressesAndBlocksOfBothFamilies() {
        Made made = server.restricted("{'networks':['192.0.2.0/24','2001:DB8::1','::ffff:198.51.100.7']}");
        assertThat(restrictions(made).toString())
                .isEqualTo("{\"networks\":[\"192.0.2.0/24\",\"2001:db8::1\",\"198.51.100.7\"]}");
        assertThat(server.verdict(made, ",'ip':'192.0.2.255'")).isEqualTo("VALID");
        assertThat(server.verdict(made, ",'ip':'::ffff:192.0.2.255'")).isEqualTo("VALID");
        assertThat(server.verdict(made, ",'ip':'198.51.100.7'")).isEqualTo("VALID");
        assertThat(server.verdict(made, ",'ip':'2001:db8:0:0::1'")).isEqualTo("VALID");
        for (String other : new String[] {
            "192.0.3.0", "2001:db8::2", "192.0.2.01", "0xc0.0.2.1", "192.0.513", "fe80::1%eth0", "", "192.0.2.1/32"
        }) {
            assertThat(server.verdict(made, ",'ip':'" + other + "'")).as(other).isEqualTo("NETWORK_NOT_ALLOWED");
        }
        assertThat(server.verdict(made, "")).isEqualTo("NETWORK_NOT_ALLOWED");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1/24,192.0.2.0/24",
        "10.0.0.0/7,allowWide",
        "0.0.0.0/0,allowWide",
        "2001::/15,2000::/15",
        "2000::/15,allowWide",
        "192.0.2,must be",
        "192.0.2.1/33,must be",
        "192.0.2.1/024,must be",
        "fe80::1%eth0,must be"
    })
    void whatIsNoNetworkIsRefusedWithTheReason(String network, String reason) {
        Answer refused = server.owner.post(
                "/api/v1/keys",
                "{'name':'n','type':'server','projectId':'" + server.project + "','restrictions':{'networks':['"
                        + network + "']}}");
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.pointers()).containsExactly("/restrictions/networks/0");
        assertThat(refused.at("/errors/0/detail")).contains(reason);
    }

    @Test
    void wideNetworkIsNamedByItsPlaceInWhatWasSent() {
        String sent = "{'restrictions':{'networks':['192.0.2.1','192.0.2.1/32','192.0.2.1','10.0.0.0/7']}}";
        Made made = server.restricted("{}");
        assertThat(server.owner.patch(made.path(), sent).pointers()).containsExactly("/restrictions/networks/3");
        Answer created = server.owner.post(
                "/api/v1/keys",
                sent.replaceFirst("\\{", "{'name':'','type':'web','projectId':'" + server.project + "',"));
        assertThat(created.pointers())
                .as("with all else that is wrong")
                .containsExactlyInAnyOrder("/name", "/restrictions/networks/3");
        server.owner.patch(made.path(), "{'restrictions':{'networks':['10.0.0.0/7'],'allowWide':true}}");
        assertThat(server.owner
                        .patch(made.path(), "{'restrictions':{'networks':['192.0.2.1','0.0.0.0/0']}}")
                        .status())
                .as("the key allows it")
                .isEqualTo(200);
        Answer narrowed = server.owner.patch(made.path(), "{'restrictions':{'allowWide':false}}");
        assertThat(narrowed.pointers()).containsExactly("/restrictions/allowWide");
        assertThat(narrowed.text()).contains("0.0.0.0/0");
        assertThat(server.owner.patch(made.path(), "{'name':'still'}").status()).isEqualTo(200);
    }

    @Test
    void wideNetworksAreTakenWhenTheyAreMeant() {
        Made made = server.restricted("{'networks':['0.0.0.0/0'],'allowWide':true}");
        assertThat(server.verdict(made, ",'ip':'203.0.113.9'")).isEqualTo("VALID");
        assertThat(server.verdict(made, ",'ip':'2001:db8::1'")).isEqualTo("NETWORK_NOT_ALLOWED");
    }

    @Test
    void appsAreKnownByIdAndCertificate() {
        Made made = server.restricted("{'apps':[{'platform':'android','id':'com.example.shop','certificateSha256':'"
                + CERTIFICATE + "'},{'platform':'ios','id':'com.example.Shop'}]}");
        assertThat(restrictions(made).at("/apps/0/certificateSha256").asString())
                .isEqualTo("ab".repeat(32));
        assertThat(server.verdict(made, ",'app':'android:com.example.shop:" + CERTIFICATE + "'"))
                .isEqualTo("VALID");
        assertThat(server.verdict(
                        made,
                        ",'app':{'platform':'android','id':'com.example.shop','certificateSha256':'" + "AB:".repeat(31)
                                + "AB'}"))
                .isEqualTo("VALID");
        assertThat(server.verdict(made, ",'app':'com.example.Shop'")).isEqualTo("VALID");
        for (String other : new String[] {
            "'com.example.shop'",
            "'android:com.example.shop:" + "CD".repeat(32) + "'",
            "'ios:com.example.shop'",
            "'ios:com.example.other'",
            "{'platform':'tizen','id':'com.example.Shop'}"
        }) {
            assertThat(server.verdict(made, ",'app':" + other)).as(other).isEqualTo("APP_NOT_ALLOWED");
        }
        assertThat(server.verdict(made, "")).isEqualTo("APP_NOT_ALLOWED");
    }

    @Test
    void allThatAreSetMustHoldAndTheFirstThatDoesNotIsTold() {
        Made made = server.restricted(
                "{'websites':['https://example.com'],'networks':['192.0.2.1'],'apps':[{'platform':'ios','id':'a.b'}]}");
        String site = ",'origin':'https://example.com'";
        String ip = ",'ip':'192.0.2.1'";
        String app = ",'app':'a.b'";
        assertThat(server.verdict(made, site + ip + app)).isEqualTo("VALID");
        assertThat(server.verdict(made, ip + app)).isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.verdict(made, site + app)).isEqualTo("NETWORK_NOT_ALLOWED");
        assertThat(server.verdict(made, site + ip)).isEqualTo("APP_NOT_ALLOWED");
        assertThat(server.verdict(made, "")).isEqualTo("WEBSITE_NOT_ALLOWED");
    }

    @Test
    void whatIsOnlyObservedRefusesNothing() {
        Made made = server.restricted(
                "{'websites':['https://example.com'],'networks':['192.0.2.1'],'observe':['websites']}");
        assertThat(server.verdict(made, ",'ip':'192.0.2.1'")).isEqualTo("VALID");
        assertThat(server.verdict(made, ",'origin':'https://other.example','ip':'192.0.2.1'"))
                .isEqualTo("VALID");
        assertThat(server.verdict(made, "")).isEqualTo("NETWORK_NOT_ALLOWED");
    }

    @Test
    void mergePatchChangesOneRestrictionAndRemovesAnother() {
        Made made = server.restricted("{'websites':['https://example.com'],'networks':['192.0.2.1']}");
        Answer patched = server.owner.patch(made.path(), "{'restrictions':{'networks':null}}");
        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.json().at("/confirmation/confirmedBy").size()).isEqualTo(1);
        assertThat(server.from(made, "https://example.com")).isEqualTo("VALID");
        server.owner.patch(made.path(), "{'restrictions':{'websites':['https://other.example']}}");
        assertThat(server.from(made, "https://example.com")).isEqualTo("WEBSITE_NOT_ALLOWED");
        server.owner.patch(made.path(), "{'restrictions':null}");
        assertThat(server.verdict(made, "")).isEqualTo("VALID");
        assertThat(restrictions(made).toString()).isEqualTo("{}");
    }

    @Test
    void localDevelopmentAddsToWhatIsSetForSomeHours() {
        Made made = server.restricted("{'websites':['https://example.com'],'networks':['192.0.2.1']}");
        Answer patched = server.owner.patch(
                made.path(), "{'localDevelopment':{'website':'http://localhost:3000','address':'203.0.113.7/24'}}");
        assertThat(patched.status()).as(patched.text()).isEqualTo(200);
        assertThat(patched.at("/key/localDevelopment/websites/0")).isEqualTo("http://localhost:3000");
        assertThat(patched.at("/key/localDevelopment/networks/0")).isEqualTo("203.0.113.0/24");
        assertThat(Instant.parse(patched.at("/key/localDevelopment/until")))
                .isCloseTo(Instant.now().plus(8, ChronoUnit.HOURS), within(1, ChronoUnit.MINUTES));
        assertThat(server.verdict(made, ",'origin':'http://localhost:3000','ip':'203.0.113.99'"))
                .isEqualTo("VALID");
        assertThat(server.verdict(made, ",'origin':'http://localhost:3001','ip':'203.0.113.99'"))
                .isEqualTo("WEBSITE_NOT_ALLOWED");
        assertThat(server.verdict(made, ",'origin':'https://example.com','ip':'192.0.2.1'"))
                .isEqualTo("VALID");

        server.owner.patch(made.path(), "{'localDevelopment':{'website':'http://localhost:3000'}}");
        assertThat(server.verdict(made, ",'origin':'http://localhost:3000','ip':'127.0.0.1'"))
                .as("the address that the call came from")
                .isEqualTo("VALID");
        server.owner.patch(made.path(), "{'localDevelopment':null}");
        assertThat(server.verdict(made, ",'origin':'http://localhost:3000','ip':'127.0.0.1'"))
                .isEqualTo("WEBSITE_NOT_ALLOWED");
        Answer elsewhere =
                server.owner.patch(made.path(), "{'localDevelopment':{'website':'https://shop.example','hours':169}}");
        assertThat(elsewhere.status()).isEqualTo(400);
        assertThat(elsewhere.pointers())
                .containsExactlyInAnyOrder("/localDevelopment/website", "/localDevelopment/hours");
    }

    @Test
    void ownAddressMustBeToldWhereAProxyHidesIt() {
        Made made = server.restricted("{'networks':['192.0.2.1']}");
        Answer hidden = server.owner.patch(made.path(), "{'localDevelopment':{}}", "X-Forwarded-For", "203.0.113.9");
        assertThat(hidden.status()).isEqualTo(400);
        assertThat(hidden.pointers()).containsExactly("/localDevelopment/address");
        Answer told = server.owner.patch(
                made.path(), "{'localDevelopment':{'address':'203.0.113.9'}}", "X-Forwarded-For", "203.0.113.9");
        assertThat(told.status()).isEqualTo(200);
        assertThat(server.verdict(made, ",'ip':'203.0.113.9'")).isEqualTo("VALID");
        assertThat(server.verdict(made, ",'ip':'127.0.0.1'")).isEqualTo("NETWORK_NOT_ALLOWED");
    }

    @Test
    void whatIsNotSetIsNotObservedLaterEither() {
        Made made = server.restricted("{'websites':['https://example.com'],'observe':['websites'],'anyWebsite':null}");
        server.owner.patch(made.path(), "{'restrictions':{'websites':null,'allowWide':null}}");
        server.owner.patch(made.path(), "{'restrictions':{'websites':['https://example.org']}}");
        assertThat(server.from(made, "https://example.com")).isEqualTo("WEBSITE_NOT_ALLOWED");
    }

    @Test
    void boundsAreNamed() {
        String tooMany = IntStream.rangeClosed(0, 1_000)
                .mapToObj(i -> "'https://s" + i + ".example.com'")
                .collect(Collectors.joining(",", "[", "]"));
        Answer refused = server.owner.post(
                "/api/v1/keys",
                "{'name':'n','type':'web','projectId':'" + server.project + "','restrictions':{'websites':" + tooMany
                        + "}}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.pointers()).containsExactly("/restrictions/websites");
        assertThat(refused.text()).contains("1000");
    }

    @Test
    void longListsWorkWhole() {
        String websites = IntStream.range(0, 1_000)
                .mapToObj(i -> "'https://" + (i % 2 == 0 ? "*." : "") + "s" + i + ".example.com'")
                .collect(Collectors.joining(",", "[", "]"));
        String networks = IntStream.range(0, 10_000)
                .mapToObj(i -> "'10." + i / 256 + "." + i % 256 + ".8/29'")
                .collect(Collectors.joining(",", "[", "]"));
        Made made = server.restricted("{'websites':" + websites + ",'networks':" + networks + "}");
        assertThat(server.verdict(made, ",'origin':'https://a.s998.example.com','ip':'10.39.15.15'"))
                .isEqualTo("VALID");
        assertThat(server.verdict(made, ",'origin':'https://s999.example.com','ip':'10.39.15.16'"))
                .isEqualTo("NETWORK_NOT_ALLOWED");
        assertThat(server.verdict(made, ",'origin':'https://a.s999.example.com','ip':'10.39.15.15'"))
                .isEqualTo("WEBSITE_NOT_ALLOWED");
    }

    @Test
    void authorizeTakesTheVisitorsOriginAndTheConnectionsAddress() {
        Made made = server.restricted("{'websites':['https://example.com'],'networks':['127.0.0.1']}");
        Answer good = server.gate.get("/v1/authorize", "x-api-key", made.token(), "Origin", "https://example.com");
        assertThat(good.status()).isEqualTo(204);
        Answer twice = server.gate.get(
                "/v1/authorize",
                "x-api-key",
                made.token(),
                "Origin",
                "https://example.com",
                "Origin",
                "https://example.com");
        assertThat(twice.status()).isEqualTo(403);
        assertThat(twice.header("Keyrack-Code")).isEqualTo("WEBSITE_NOT_ALLOWED");
        Answer forwarded = server.gate.get(
                "/v1/authorize",
                "x-api-key",
                made.token(),
                "Origin",
                "https://example.com",
                "X-Forwarded-For",
                "198.51.100.1");
        assertThat(forwarded.status())
                .as("a header that nobody named is ignored")
                .isEqualTo(204);
    }

    @Test
    void askersOwnKeyIsHeldToTheAddressThatItAsksFrom() {
        Made asked = server.make("web");
        for (String network : new String[] {"127.0.0.1", "192.0.2.1"}) {
            Made asker = server.make(
                    "server", ",'permissions':['keys.verify'],'restrictions':{'networks':['" + network + "']}");
            Answer answer = server.gate.post(
                    "/v1/verify", "{'token':'" + asked.token() + "'}", "Keyrack-Verifier", asker.token());
            assertThat(answer.status()).as(answer.text()).isEqualTo(network.equals("127.0.0.1") ? 200 : 401);
        }
    }

    @Test
    void simulationSaysWhyAndWhatWouldBeAllowed() {
        Made made = server.restricted(
                "{'websites':['https://shop.example.com','https://*.example.org'],'networks':['192.0.2.0/24']}");
        Answer answer = server.owner.post(
                made.path() + "/simulate",
                "{'origin':'http://shop.example.com','ip':'192.0.3.1','permission':'chat.start'}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.at("/code")).isEqualTo("WEBSITE_NOT_ALLOWED");
        JsonNode site = check(answer, "websites");
        assertThat(site.at("/outcome").asString()).isEqualTo("refused");
        assertThat(site.at("/nearest").asString()).isEqualTo("https://shop.example.com");
        assertThat(site.at("/detail").asString())
                .isEqualTo("http://shop.example.com was refused: only https is allowed.");
        JsonNode network = check(answer, "networks");
        assertThat(network.at("/nearest").asString()).isEqualTo("192.0.2.0/24");
        assertThat(check(answer, "permissions").at("/outcome").asString()).isEqualTo("held");
        assertThat(check(answer, "apps").at("/outcome").asString()).isEqualTo("not-set");

        Answer good = server.owner.post(
                made.path() + "/simulate",
                "{'origin':'https://a.example.org','ip':'192.0.2.9','at':'2099-01-01T00:00:00Z'}");
        assertThat(good.at("/code")).isEqualTo("VALID");
        assertThat(server.other
                        .post(made.path() + "/simulate", "{'origin':'https://a.example.org'}")
                        .status())
                .isEqualTo(404);
    }

    private static JsonNode check(Answer answer, String rule) {
        for (JsonNode check : answer.json().at("/checks")) {
            if (check.at("/rule").asString().equals(rule)) {
                return check;
            }
        }
        throw new AssertionError("no check of " + rule);
    }
}
