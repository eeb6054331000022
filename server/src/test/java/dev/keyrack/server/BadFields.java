package dev.keyrack.server;

import static dev.keyrack.server.BadBodies.CATALOGUE;
import static dev.keyrack.server.BadBodies.KEY;
import static dev.keyrack.server.BadBodies.NEW_KEY;
import static dev.keyrack.server.BadBodies.NEW_ORGANIZATION;
import static dev.keyrack.server.BadBodies.NEW_PROJECT;
import static dev.keyrack.server.BadBodies.ORGANIZATION;
import static dev.keyrack.server.BadBodies.PROJECT;
import static dev.keyrack.server.BadBodies.REGENERATE;
import static dev.keyrack.server.BadBodies.SETUP;

import dev.keyrack.server.BadBodies.Case;
import dev.keyrack.server.BadBodies.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bodies that fit but for one field, field by field, written as in {@link BadBodies}. */
final class BadFields {
    private static final List<String> NUMBERS =
            List.of("0", "1", "-1", "1.5", "1e999999", "-1e-999999", "123456789012345678901234567890");

    /** Characters that are in no name: control, halves of pairs, line ends, changes of direction. */
    private static final List<String> CHARACTERS = List.of(
            "\\u0000",
            "\\u0001",
            "\\u001b",
            "a\\nb",
            "a\\tb",
            "\\u007f",
            "\\u0085",
            "\\u2028",
            "\\u2029",
            "\\ud800",
            "\\udc00",
            "\\udc00\\ud800",
            "\\ud83da",
            "\\u202e",
            "\\u202a",
            "\\u2066");

    private BadFields() {}

    static void addTo(List<Case> cases) {
        for (Target target : List.of(NEW_KEY, KEY, NEW_PROJECT, PROJECT, NEW_ORGANIZATION, SETUP, ORGANIZATION)) {
            name(target, cases);
        }
        for (Target target : List.of(NEW_KEY, KEY)) {
            permissions(target, cases);
            expiresAt(target, cases);
            metadata(target, cases);
            BadRestrictions.addTo(target, cases);
        }
        catalogue(cases);
        type(cases);
        projectId(cases);
        source(cases);
        for (Target target : List.of(NEW_ORGANIZATION, SETUP)) {
            subdomain(target, cases);
            email(target, cases);
        }
        overlap(cases);
        several(cases);
    }

    private static void name(Target target, List<Case> cases) {
        List<String> wrong = new ArrayList<>(NUMBERS);
        wrong.addAll(List.of("true", "null", "[]", "['n']", "{}", "{'a':'n'}", "''", "'   '", "'\\t'"));
        wrong.add("'" + "n".repeat(101) + "'");
        wrong.add("'" + "\\ud83d\\ude00".repeat(101) + "'");
        wrong.add("'" + "n".repeat(100_000) + "'");
        for (String text : CHARACTERS) {
            wrong.add("'a" + text + "b'");
        }
        wrong.forEach(json -> cases.add(target.with("name", json, "/name")));
        if (target.good().containsKey("name")) {
            Map<String, String> rest = new LinkedHashMap<>(target.good());
            rest.remove("name");
            cases.add(target.bad("without name", BadBodies.object(rest), "/name"));
        }
    }

    private static void permissions(Target target, List<Case> cases) {
        for (String wrong : List.of("1", "true", "'chat.start'", "{}", "{'0':'chat.start'}")) {
            cases.add(target.with("permissions", wrong, "/permissions"));
        }
        for (String wrong : List.of(
                "1",
                "null",
                "[]",
                "''",
                "'chat'",
                "'a.b.c'",
                "'A.b'",
                "'a. b'",
                "'.b'",
                "'a.'",
                "'a**.b'",
                "'ä.b'",
                "'a.b\\n'",
                "'a.b\\u0000'",
                "'" + "a".repeat(99) + ".b'")) {
            cases.add(target.with("permissions", "['chat.start'," + wrong + "]", "/permissions/1"));
        }
        cases.add(target.with("permissions", "['chat.start','chat.stop','chat.start']", "/permissions/2"));
        cases.add(target.with("permissions", "['keys.verify']", "/permissions/0"));
        StringBuilder many = new StringBuilder("['p.a'");
        for (int i = 0; i < 200; i++) {
            many.append(",'p").append(i).append(".a'");
        }
        cases.add(target.with("permissions", many + "]", "/permissions"));
    }

    private static void expiresAt(Target target, List<Case> cases) {
        for (String wrong : List.of(
                "1",
                "1900000000000",
                "true",
                "[]",
                "{}",
                "''",
                "'never'",
                "'2020-01-01T00:00:00Z'",
                "'1969-12-31T23:59:59Z'",
                "'2999-01-01'",
                "'2999-01-01T00:00:00'",
                "'2999-01-01T00:00Z'",
                "'2999-02-30T00:00:00Z'",
                "'2999-01-01T25:00:00Z'",
                "'2999-01-01T00:00:60Z'",
                "'2999-01-01T00:00:00+01'",
                "'2999-01-01T00:00:00+25:00'",
                "'2999-01-01 00:00:00Z'",
                "' 2999-01-01T00:00:00Z'",
                "'2999-01-01T00:00:00.Z'",
                "'2999-01-01T00:00:00.1234567890Z'",
                "'+12999-01-01T00:00:00Z'",
                "'-2999-01-01T00:00:00Z'",
                "'+999999999-01-01T00:00:00Z'",
                "'9999-12-31T23:59:59-18:00'",
                "'2999-01-01T00:00:00Z[Europe/Berlin]'",
                "'2999-W01-1T00:00:00Z'")) {
            cases.add(target.with("expiresAt", wrong, "/expiresAt"));
        }
    }

    private static void metadata(Target target, List<Case> cases) {
        for (String wrong : List.of("1", "true", "'a'", "[]", "['a']")) {
            cases.add(target.with("metadata", wrong, "/metadata"));
        }
        for (String wrong : List.of("1", "true", "[]", "{}", "'" + "v".repeat(501) + "'")) {
            cases.add(target.with("metadata", "{'a':'1','b':" + wrong + "}", "/metadata/b"));
        }
        for (String text : CHARACTERS) {
            cases.add(target.with("metadata", "{'b':'a" + text + "b'}", "/metadata/b"));
        }
        cases.add(target.with("metadata", "{'a/b~c':1}", "/metadata/a~1b~0c"));
        cases.add(target.with("metadata", "{'':'1'}", "/metadata/"));
        cases.add(target.with("metadata", "{' ':'1'}", "/metadata/ "));
        cases.add(target.with("metadata", "{'" + "n".repeat(101) + "':'1'}", "/metadata/" + "n".repeat(101)));
        cases.add(target.with("metadata", "{'a\\u0007b':'1'}", "/metadata/a\u0007b"));
        cases.add(target.with("metadata", "{'a\\u202eb':'1'}", "/metadata/a\u202eb"));
        cases.add(target.with("metadata", "{'a':'1',' a':'2'}", "/metadata/ a"));
        StringBuilder many = new StringBuilder("{'m':''");
        for (int i = 0; i < 50; i++) {
            many.append(",'m").append(i).append("':''");
        }
        cases.add(target.with("metadata", many + "}", "/metadata"));
        if (target == NEW_KEY) {
            cases.add(target.with("metadata", "{'a':null}", "/metadata/a"));
        }
    }

    private static void type(List<Case> cases) {
        for (String wrong : List.of(
                "1",
                "true",
                "null",
                "[]",
                "['web']",
                "{}",
                "''",
                "'WEB'",
                "'web '",
                "'srv'",
                "'pat'",
                "'personal'",
                "'web\\u0000'",
                "'\\ud800'")) {
            cases.add(NEW_KEY.with("type", wrong, "/type"));
        }
        cases.add(KEY.with("type", "'web'", "/type"));
    }

    private static void projectId(List<Case> cases) {
        for (String wrong : List.of(
                "1",
                "true",
                "null",
                "[]",
                "{}",
                "''",
                "'nothing'",
                "'{project} '",
                "'\\u0000'",
                "'{project}\\u0000'",
                "'\\ud800'",
                "'%'",
                "'\\' OR 1=1 --'",
                "'" + "p".repeat(100_000) + "'")) {
            cases.add(NEW_KEY.with("projectId", wrong.replace("\\'", "\\u0027"), "/projectId"));
        }
        cases.add(KEY.with("projectId", "'{project}'", "/projectId"));
    }

    private static void source(List<Case> cases) {
        for (String wrong : List.of("1", "true", "'integration'", "[]")) {
            cases.add(NEW_KEY.with("source", wrong, "/source"));
        }
        cases.add(NEW_KEY.with("source", "{}", "/source/kind", "/source/name"));
        cases.add(NEW_KEY.with("source", "{'kind':'member','name':'n'}", "/source/kind"));
        cases.add(NEW_KEY.with("source", "{'kind':1,'name':'n'}", "/source/kind"));
        cases.add(NEW_KEY.with("source", "{'kind':'integration'}", "/source/name"));
        cases.add(NEW_KEY.with("source", "{'kind':'integration','name':null}", "/source/name"));
        cases.add(NEW_KEY.with("source", "{'kind':'integration','name':'n','x':1}", "/source/x"));
        cases.add(NEW_KEY.with("source", "{'kind':'integration','name':'" + "n".repeat(101) + "'}", "/source/name"));
        cases.add(KEY.with("source", "{'kind':'integration','name':'n'}", "/source"));
    }

    private static void subdomain(Target target, List<Case> cases) {
        for (String wrong : List.of(
                "1",
                "null",
                "[]",
                "{}",
                "''",
                "'-a'",
                "'a-'",
                "'-'",
                "'Acme'",
                "'a.b'",
                "'a_b'",
                "'ä'",
                "' a'",
                "'a\\n'",
                "'\\ud800'",
                "'" + "s".repeat(64) + "'")) {
            cases.add(target.with("subdomain", wrong, "/subdomain"));
        }
    }

    private static void email(Target target, List<Case> cases) {
        for (String wrong : List.of(
                "1",
                "null",
                "[]",
                "{}",
                "''",
                "'x'",
                "'@'",
                "'a@'",
                "'@b'",
                "'a b@c'",
                "'a@b@c'",
                "'a@b '",
                "'a\\n@b'",
                "'a\\u0000@b'",
                "'\\ud800@b'",
                "'a@b\\u202e'",
                "'" + "a".repeat(65) + "@b'",
                "'a@" + "b".repeat(190) + "'")) {
            cases.add(target.with("ownerEmail", wrong, "/ownerEmail"));
        }
    }

    private static void overlap(List<Case> cases) {
        for (String wrong : List.of("2592001", "-1", "0.5", "true", "'0'", "[]", "{}", "1e999999", "3600.5")) {
            cases.add(REGENERATE.with("overlapSeconds", wrong, "/overlapSeconds"));
        }
    }

    /** One answer names every error. */
    private static void several(List<Case> cases) {
        cases.add(NEW_KEY.bad(
                "several",
                "{'name':1,'type':'x','metadata':{'a':1},'y':2}",
                "/name",
                "/type",
                "/projectId",
                "/metadata/a",
                "/y"));
        cases.add(NEW_ORGANIZATION.bad("no field", "{}", "/name", "/subdomain", "/ownerEmail"));
    }

    private static void catalogue(List<Case> cases) {
        String at = "/permissions/0";
        for (String list : List.of("null", "1", "'chat.start'", "{}", "true")) {
            cases.add(CATALOGUE.with("permissions", list, "/permissions"));
        }
        for (String entry : List.of("null", "1", "'chat.start'", "[]")) {
            cases.add(CATALOGUE.with("permissions", "[" + entry + "]", at));
        }
        cases.add(CATALOGUE.with("permissions", "[{}]", at + "/permission", at + "/description", at + "/types"));
        for (String permission : List.of(
                "''", "'chat'", "'chat.*'", "'*.*'", "'Chat.start'", "'a.b.c'", "'" + "a".repeat(99) + ".b'", "1")) {
            cases.add(catalogued(
                    "'permission':" + permission + ",'description':'d','types':['web']", at + "/permission"));
        }
        for (String description : List.of("''", "' '", "'" + "d".repeat(201) + "'", "'a\\u0000'", "1", "null")) {
            cases.add(catalogued(
                    "'permission':'a.b','description':" + description + ",'types':['web']", at + "/description"));
        }
        for (String types : List.of("[]", "null", "'web'", "1", "{}")) {
            cases.add(catalogued("'permission':'a.b','description':'d','types':" + types, at + "/types"));
        }
        cases.add(catalogued("'permission':'a.b','description':'d','types':['web','Web']", at + "/types/1"));
        cases.add(catalogued("'permission':'a.b','description':'d','types':['web','web']", at + "/types/1"));
        cases.add(catalogued(
                "'permission':'a.b','description':'d','types':['web','mobile','analytics','server','web']",
                at + "/types"));
        String fits = "'permission':'a.b','description':'d','types':['web']";
        cases.add(catalogued(fits + ",'builtIn':true", at + "/builtIn"));
        cases.add(catalogued(fits + ",'builtIn':1", at + "/builtIn"));
        cases.add(catalogued(fits + ",'since':1", at + "/since"));
        cases.add(CATALOGUE.with("permissions", "[{" + fits + "},{" + fits + "}]", "/permissions/1/permission"));
        for (String reserved : List.of("keys.verify", "keys.replicate")) {
            String builtIn = "'permission':'" + reserved + "','description':'d','types':";
            cases.add(catalogued(builtIn + "['web']", at + "/types"));
            cases.add(catalogued(builtIn + "['server','web']", at + "/types"));
            cases.add(catalogued(builtIn + "['server'],'builtIn':false", at + "/builtIn"));
        }
        StringBuilder many = new StringBuilder("[{" + fits + "}");
        for (int i = 0; i < 1_000; i++) {
            many.append(",{").append(fits).append("}");
        }
        cases.add(CATALOGUE.with("permissions", many + "]", "/permissions"));
    }

    private static Case catalogued(String fields, String... pointers) {
        return CATALOGUE.with("permissions", "[{" + fields + "}]", pointers);
    }
}
