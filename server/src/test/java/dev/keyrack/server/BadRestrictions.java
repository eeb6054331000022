package dev.keyrack.server;

import dev.keyrack.server.BadBodies.Case;
import dev.keyrack.server.BadBodies.Target;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Restrictions that do not fit, written as in {@link BadBodies}. */
final class BadRestrictions {
    private static final String AT = "/restrictions";
    private static final String CERTIFICATE = "ab".repeat(32);
    private static final String APP = "{'platform':'ios','id':'com.example.Shop'}";

    private BadRestrictions() {}

    static void addTo(Target target, List<Case> cases) {
        wholes(target, cases);
        entries(target, cases);
        apps(target, cases);
        tooMany(target, cases);
        deep(target, cases);
        local(target, cases);
    }

    private static Case inside(Target target, String fields, String... pointers) {
        return target.with("restrictions", "{" + fields + "}", pointers);
    }

    private static void wholes(Target target, List<Case> cases) {
        for (String wrong : List.of("1", "true", "'none'", "[]", "['https://example.com']")) {
            cases.add(target.with("restrictions", wrong, AT));
        }
        for (String list : List.of("websites", "networks", "apps")) {
            for (String wrong : List.of("1", "true", "'https://example.com'", "{}", "{'0':'192.0.2.1'}")) {
                cases.add(inside(target, "'" + list + "':" + wrong, AT + "/" + list));
            }
        }
        for (String flag : List.of("anyWebsite", "allowWide")) {
            for (String wrong : List.of("0", "1", "'true'", "[]", "{}")) {
                cases.add(inside(target, "'" + flag + "':" + wrong, AT + "/" + flag));
            }
        }
        for (String field : List.of("website", "Websites", "ips", "local", "until", "limits", "__proto__", "")) {
            cases.add(inside(target, "'" + field + "':[]", AT + "/" + field));
        }
        cases.add(inside(target, "'a/b~c':1", AT + "/a~1b~0c"));
        cases.add(target.bad(
                "the same list twice", "{'restrictions':{'websites':[],'websites':['https://example.com']}}"));
        cases.add(inside(
                target,
                "'websites':['x'],'networks':['y'],'apps':[1],'observe':['z'],'allowWide':2,'w':3",
                AT + "/websites/0",
                AT + "/networks/0",
                AT + "/apps/0",
                AT + "/observe/0",
                AT + "/allowWide",
                AT + "/w"));
    }

    private static void entries(Target target, List<Case> cases) {
        for (String wrong : List.of(
                "1",
                "null",
                "true",
                "[]",
                "{}",
                "''",
                "' '",
                "'example.com'",
                "'https://a\\u0000b'",
                "'https://example.com\\n'",
                "'https://\\u202eexample.com'",
                "'https://\\ud800.example'",
                "'https://" + "a".repeat(2_100) + "'",
                "'https://*.co.uk'")) {
            cases.add(inside(
                    target,
                    "'websites':['https://example.com','https://example.com'," + wrong + "]",
                    AT + "/websites/2"));
        }
        for (String wrong : List.of(
                "1",
                "3221225985",
                "null",
                "[]",
                "{}",
                "''",
                "'192.0.2'",
                "'192.0.2.1/24'",
                "'192.0.2.1\\u0000'",
                "'192.0.2.1\\n'",
                "'" + "1".repeat(10_000) + "'",
                "'10.0.0.0/7'")) {
            cases.add(inside(target, "'networks':['192.0.2.1','192.0.2.1/32'," + wrong + "]", AT + "/networks/2"));
        }
        for (String wrong : List.of("1", "true", "'websites'", "{}")) {
            cases.add(inside(target, "'websites':[],'observe':" + wrong, AT + "/observe"));
        }
        for (String wrong : List.of("1", "null", "''", "'Websites'", "'permissions'", "'websites'", "[]")) {
            cases.add(inside(target, "'websites':[],'observe':['websites'," + wrong + "]", AT + "/observe/1"));
        }
        cases.add(inside(target, "'websites':[],'observe':['websites','networks','apps','websites']", AT + "/observe"));
    }

    private static void apps(Target target, List<Case> cases) {
        String at = AT + "/apps/1";
        for (String wrong : List.of("1", "null", "[]", "'ios:com.example.Shop'")) {
            cases.add(inside(target, "'apps':[" + APP + "," + wrong + "]", at));
        }
        cases.add(app(target, "", at + "/platform", at + "/id"));
        for (String platform : List.of("1", "null", "''", "'iOS'", "'windows'", "[]")) {
            cases.add(app(target, "'platform':" + platform + ",'id':'a.b'", at + "/platform"));
        }
        for (String id : List.of("1", "null", "''", "'a b'", "'a\\u0000b'", "'" + "a".repeat(10_000) + "'")) {
            cases.add(app(target, "'platform':'ios','id':" + id, at + "/id"));
        }
        for (String certificate : List.of("1", "null", "''", "'ab'", "'" + "g".repeat(64) + "'", "[]")) {
            cases.add(app(
                    target,
                    "'platform':'android','id':'com.example.shop','certificateSha256':" + certificate,
                    at + "/certificateSha256"));
        }
        cases.add(app(
                target,
                "'platform':'ios','id':'a.b','certificateSha256':'" + CERTIFICATE + "'",
                at + "/certificateSha256"));
        cases.add(app(target, "'platform':'ios','id':'a.b','name':'x'", at + "/name"));
    }

    private static Case app(Target target, String fields, String... pointers) {
        return inside(target, "'apps':[" + APP + ",{" + fields + "}]", pointers);
    }

    private static void tooMany(Target target, List<Case> cases) {
        cases.add(inside(target, "'websites':" + list(1_001, "'https://s", ".example.com'"), AT + "/websites"));
        cases.add(inside(target, "'networks':" + list(10_001, "'2001:db8::", "'"), AT + "/networks"));
        cases.add(inside(target, "'apps':" + list(101, "{'platform':'ios','id':'com.example.a", "'}"), AT + "/apps"));
    }

    private static String list(int entries, String before, String after) {
        return IntStream.range(0, entries).mapToObj(i -> before + i + after).collect(Collectors.joining(",", "[", "]"));
    }

    private static void deep(Target target, List<Case> cases) {
        String lists = "[".repeat(5) + "]".repeat(5);
        String objects = "{'a':".repeat(5) + "1" + "}".repeat(5);
        cases.add(inside(target, "'websites':" + lists, AT + "/websites/0"));
        cases.add(inside(target, "'networks':[" + objects + "]", AT + "/networks/0"));
        cases.add(inside(
                target, "'apps':[" + objects + "]", AT + "/apps/0/platform", AT + "/apps/0/id", AT + "/apps/0/a"));
        cases.add(inside(target, "'restrictions':" + objects, AT + "/restrictions"));
        cases.add(target.bad(
                "lists in websites, too deep",
                "{'restrictions':{'websites':" + "[".repeat(1_000) + "]".repeat(1_000) + "}}"));
        cases.add(target.bad(
                "restrictions in restrictions, too deep", "{'restrictions':".repeat(1_000) + "1" + "}".repeat(1_000)));
    }

    private static void local(Target target, List<Case> cases) {
        String at = "/localDevelopment";
        for (String wrong : List.of("1", "true", "'http://localhost:3000'", "[]")) {
            cases.add(target.with("localDevelopment", wrong, at));
        }
        for (String wrong : List.of("1", "null", "[]", "''", "'http://localhost'", "'https://example.com:3000'")) {
            cases.add(target.with("localDevelopment", "{'website':" + wrong + "}", at + "/website"));
        }
        for (String wrong : List.of("1", "null", "[]", "''", "'localhost'", "'192.0.2.1/7'")) {
            cases.add(target.with("localDevelopment", "{'address':" + wrong + "}", at + "/address"));
        }
        for (String wrong : List.of("0", "169", "-1", "1.5", "'8'", "null", "1e999999")) {
            cases.add(target.with("localDevelopment", "{'hours':" + wrong + "}", at + "/hours"));
        }
        cases.add(target.with("localDevelopment", "{'until':'2999-01-01T00:00:00Z'}", at + "/until"));
    }
}
