package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.verifier.App;
import dev.keyrack.verifier.LocalDevelopment;
import dev.keyrack.verifier.Network;
import dev.keyrack.verifier.Restrictions;
import dev.keyrack.verifier.Rule;
import dev.keyrack.verifier.Website;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise: restrictions come out of store and feed as they went in, and what is not understood whole is not taken. */
class RestrictionsJsonTest {
    private static final App ANDROID = new App(App.Platform.ANDROID, "com.example.shop", "ab".repeat(32));
    private static final App IOS = new App(App.Platform.IOS, "com.example.Shop", null);

    @Provide
    Arbitrary<Restrictions> restrictions() {
        Arbitrary<List<Website>> websites = Arbitraries.of(
                        "https://example.com",
                        "http://*.example.com:8000",
                        "https://[2001:db8::1]:1",
                        "https://192.0.2.1",
                        "https://xn--bcher-kva.example")
                .map(Website::of)
                .list()
                .ofMaxSize(12);
        Arbitrary<List<Network>> networks = Arbitraries.of("192.0.2.0/24", "192.0.2.7", "0.0.0.0/0", "::/0", "::1")
                .map(text -> Network.parse(text).orElseThrow())
                .list()
                .ofMaxSize(4);
        Arbitrary<LocalDevelopment> local =
                Combinators.combine(websites, networks, Arbitraries.longs()).as(LocalDevelopment::new);
        return Combinators.combine(
                        websites.injectNull(0.3),
                        Arbitraries.of(true, false),
                        networks.injectNull(0.3),
                        Arbitraries.of(ANDROID, IOS).list().ofMaxSize(3).injectNull(0.3),
                        Arbitraries.of(Rule.class).set().ofMaxSize(3),
                        local.injectNull(0.5))
                .as(RestrictionsJsonTest::build);
    }

    private static Restrictions build(
            @Nullable List<Website> websites,
            boolean any,
            @Nullable List<Network> networks,
            @Nullable List<App> apps,
            Set<Rule> observed,
            @Nullable LocalDevelopment local) {
        Restrictions.Builder builder = new Restrictions.Builder().observe(observed);
        if (websites != null) {
            builder.websites(websites, any);
        }
        if (networks != null) {
            builder.networks(networks);
        }
        if (apps != null) {
            builder.apps(apps);
        }
        if (local != null) {
            builder.local(local);
        }
        return builder.build();
    }

    @Property
    void whatIsWrittenIsReadAsTheSame(@ForAll("restrictions") Restrictions restrictions) {
        String json = RestrictionsJson.write(restrictions);
        assertThat(RestrictionsJson.read(json)).isEqualTo(restrictions);
        assertThat(RestrictionsJson.write(RestrictionsJson.read(json))).isEqualTo(json);
    }

    @Test
    void everyFieldIsWrittenUnderItsName() {
        Restrictions restrictions = build(
                List.of(Website.of("https://example.com")),
                false,
                List.of(Network.parse("192.0.2.0/24").orElseThrow()),
                List.of(ANDROID, IOS),
                Set.of(Rule.APPS),
                new LocalDevelopment(List.of(Website.of("http://localhost:3000")), List.of(), 5));
        assertThat(RestrictionsJson.write(restrictions))
                .isEqualTo("{\"websites\":[\"https://example.com\"],\"networks\":[\"192.0.2.0/24\"],"
                        + "\"apps\":[{\"platform\":\"android\",\"id\":\"com.example.shop\",\"certificateSha256\":\""
                        + "ab".repeat(32) + "\"},{\"platform\":\"ios\",\"id\":\"com.example.Shop\"}],"
                        + "\"observe\":[\"apps\"],"
                        + "\"local\":{\"websites\":[\"http://localhost:3000\"],\"networks\":[],\"until\":5}}");
        assertThat(RestrictionsJson.write(Restrictions.NONE)).isEqualTo(RestrictionsJson.EMPTY);
        assertThat(RestrictionsJson.write(build(List.of(), true, null, null, Set.of(), null)))
                .isEqualTo("{\"websites\":[],\"anyWebsite\":true}");
    }

    @Test
    void listThatIsMissingIsNotSetAndAnEmptyOneIs() {
        assertThat(RestrictionsJson.read("{}")).isEqualTo(Restrictions.NONE);
        assertThat(RestrictionsJson.read("{\"websites\":[]}").websites()).contains(List.of());
        assertThat(RestrictionsJson.read("{\"networks\":[]}").websites()).isEmpty();
        assertThat(RestrictionsJson.read("{\"anyWebsite\":true}").websites()).contains(List.of());
        assertThat(RestrictionsJson.read("{\"anyWebsite\":false,\"allowWide\":true}"))
                .isEqualTo(Restrictions.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}{}",
                "{} x",
                "{'websites':null}",
                "{'websites':'https://example.com'}",
                "{'websites':{}}",
                "{'websites':[1]}",
                "{'websites':[null]}",
                "{'websites':['example.com']}",
                "{'websites':['https://EXAMPLE.com']}",
                "{'websites':['https://example.com/']}",
                "{'websites':[['https://example.com']]}",
                "{'websites':[],'websites':['https://example.com']}",
                "{'anyWebsite':'true'}",
                "{'anyWebsite':1}",
                "{'anyWebsite':null}",
                "{'networks':['192.0.2.1/24']}",
                "{'networks':['x']}",
                "{'networks':[7]}",
                "{'networks':7}",
                "{'apps':{}}",
                "{'apps':['ios:a.b']}",
                "{'apps':[{'platform':'ios','id':'a.b'},'x']}",
                "{'apps':[{'platform':'ios','id':'a.b'},null]}",
                "{'apps':[{'platform':'ios'}]}",
                "{'apps':[{'id':'a.b'}]}",
                "{'apps':[{'platform':'ios','id':7}]}",
                "{'apps':[{'platform':'ios','id':null}]}",
                "{'apps':[{'platform':'ios','id':'a.b','more':1}]}",
                "{'apps':[{'platform':'ios','id':'a.b','certificateSha256':'00'}]}",
                "{'apps':[{'platform':'android','id':'a.b'}]}",
                "{'apps':[{'platform':'tizen','id':'a.b'}]}",
                "{'observe':['everything']}",
                "{'observe':'apps'}",
                "{'allowWide':'no'}",
                "{'certificates':[]}",
                "{'local':null}",
                "{'local':'x','websites':['https://example.com'],'networks':['192.0.2.1'],'until':5}",
                "{'local':[],'websites':['https://example.com']}",
                "{'local':{}}",
                "{'local':{'websites':[],'networks':[]}}",
                "{'local':{'websites':[],'until':5}}",
                "{'local':{'networks':[],'until':5}}",
                "{'local':{'websites':[],'networks':[],'until':'5'}}",
                "{'local':{'websites':[],'networks':[],'until':5.5}}",
                "{'local':{'websites':[],'networks':[],'until':5,'more':1}}"
            })
    void whatIsNotUnderstoodWholeIsRefused(String json) {
        assertThatThrownBy(() -> RestrictionsJson.read(json.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
