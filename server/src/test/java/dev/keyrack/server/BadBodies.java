package dev.keyrack.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The endpoints that take a body, and the bodies that none of them takes. {@link BadFields} has the rest. JSON is written with ' for "; {@code {key}},
 * {@code {project}} and {@code {organization}} stand for ids of things that are there.
 */
final class BadBodies {
    /**
     * A request that must be refused with 400.
     *
     * @param pointers where it does not fit; none when it is no JSON object at all
     */
    record Case(String what, Target target, byte[] body, List<String> pointers) {
        @Override
        public String toString() {
            return target + ": " + what;
        }
    }

    /**
     * An endpoint that takes a body.
     *
     * @param good fields of a body that fits
     * @param optional whether the body may be left out
     */
    record Target(String method, String path, Map<String, String> good, boolean optional) {
        @Override
        public String toString() {
            return method + " " + path;
        }

        Case with(String field, String json, String... pointers) {
            Map<String, String> fields = new LinkedHashMap<>(good);
            fields.put(field, json);
            return bad(field + ": " + (json.length() > 60 ? json.substring(0, 60) : json), object(fields), pointers);
        }

        Case bad(String what, String body, String... pointers) {
            return new Case(what, this, bytes(body), List.of(pointers));
        }
    }

    private static final String NAME = "'name'";
    static final Target NEW_KEY = new Target(
            "POST", "/api/v1/keys", Map.of("name", "'n'", "type", "'web'", "projectId", "'{project}'"), false);
    static final Target KEY = new Target("PATCH", "/api/v1/keys/{key}", Map.of(), false);
    static final Target NEW_PROJECT = new Target("POST", "/api/v1/projects", Map.of("name", NAME), false);
    static final Target PROJECT = new Target("PATCH", "/api/v1/projects/{project}", Map.of(), false);
    private static final Map<String, String> FOUNDING =
            Map.of("name", NAME, "subdomain", "'third'", "ownerEmail", "'o@example.com'");
    static final Target NEW_ORGANIZATION = new Target("POST", "/api/v1/organizations", FOUNDING, false);
    static final Target SETUP = new Target("POST", "/api/v1/setup", FOUNDING, false);
    static final Target ORGANIZATION = new Target("PATCH", "/api/v1/organizations/{organization}", Map.of(), false);
    static final Target REGENERATE = new Target("POST", "/api/v1/keys/{key}/regenerate", Map.of(), true);

    static final Target CATALOGUE = new Target("PUT", "/api/v1/permissions", Map.of("permissions", "[]"), false);

    static final List<Target> TARGETS = List.of(
            CATALOGUE,
            NEW_KEY,
            KEY,
            NEW_PROJECT,
            PROJECT,
            NEW_ORGANIZATION,
            SETUP,
            ORGANIZATION,
            REGENERATE,
            new Target("POST", "/api/v1/keys/{key}/disable", Map.of(), true),
            new Target("POST", "/api/v1/keys/{key}/enable", Map.of(), true),
            new Target("POST", "/api/v1/keys/{key}/end-overlap", Map.of(), true),
            new Target("POST", "/api/v1/keys/{key}/reveal", Map.of(), true),
            new Target("POST", "/api/v1/me/token", Map.of(), true));

    private BadBodies() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (Target target : TARGETS) {
            forms(target, cases);
            unknownFields(target, cases);
        }
        BadFields.addTo(cases);
        return cases;
    }

    /** What is no JSON object in UTF-8. */
    private static void forms(Target target, List<Case> cases) {
        if (!target.optional) {
            cases.add(target.bad("nothing", ""));
        }
        String good = object(target.good);
        String deepList = "[".repeat(1_000) + "]".repeat(1_000);
        String deepObject = "{'a':".repeat(1_000) + "1" + "}".repeat(1_000);
        for (String text : List.of(
                " ",
                "[]",
                "[" + good + "]",
                "'text'",
                "1",
                "null",
                "true",
                good + "x",
                good + good,
                good + "]",
                "{",
                "{'name'}",
                "{'name':}",
                "{'name':'n',}",
                "{,}",
                "{name:'n'}",
                "{'name':'n'/*c*/}",
                "{'name':NaN}",
                "{'name':01}",
                "{'name':'\\x'}",
                "{'name':'\\u12'}",
                "{'name':'a\nb'}",
                "{'name':'a",
                "\ufeff" + good,
                "{'name':'a','name':'a'}",
                "{'name':'a','\\u006eame':'a'}",
                "{'x':{'a':1,'a':1}}",
                "{'x':" + deepList + "}",
                deepList,
                deepObject,
                "{'x':1" + "0".repeat(400) + "}",
                "<name>n</name>",
                "name=n",
                "\0")) {
            cases.add(target.bad(text.length() > 60 ? text.substring(0, 60) : text, text));
        }
        for (int[] raw : new int[][] {
            {0xc0, 0xaf}, // overlong
            {0xe0, 0x80, 0xaf},
            {0x80}, // a continuation of nothing
            {0xe4, 0xbc}, // cut off
            {0xed, 0xa0, 0x80}, // half of a surrogate pair
            {0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80}, // both halves (CESU-8)
            {0xf4, 0x90, 0x80, 0x80}, // after the last code point
            {0xff}
        }) {
            StringBuilder text = new StringBuilder();
            for (int b : raw) {
                text.append((char) b);
            }
            byte[] body = ("{'name':'" + text + "'}").replace('\'', '"').getBytes(StandardCharsets.ISO_8859_1);
            cases.add(new Case("bytes " + java.util.HexFormat.of().formatHex(body), target, body, List.of()));
        }
        cases.add(new Case("UTF-16", target, good.replace('\'', '"').getBytes(StandardCharsets.UTF_16), List.of()));
    }

    private static void unknownFields(Target target, List<Case> cases) {
        for (String field : List.of("limits", "id", "state", "token", "Name", "__proto__", "$ref")) {
            cases.add(target.with(field, "{}", "/" + field));
        }
        cases.add(target.with("", "1", "/"));
        cases.add(target.with("a/b~c", "1", "/a~1b~0c"));
        cases.add(target.with("x".repeat(5_000), "1", "/" + "x".repeat(5_000)));
    }

    static String object(Map<String, String> fields) {
        StringBuilder json = new StringBuilder("{");
        fields.forEach((name, value) -> json.append(json.length() > 1 ? "," : "")
                .append("'")
                .append(name)
                .append("':")
                .append(value));
        return json.append("}").toString();
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }
}
