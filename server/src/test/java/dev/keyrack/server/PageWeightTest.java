package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Promise: a page with its own styles and scripts is at most 100 KiB on the way to the browser, and so are its files. */
class PageWeightTest {
    private static final Pattern FILES = Pattern.compile("(?:href|src)=\"(/(?:portal|theme)/[^\"]+)\"");
    private static final int MOST = 100 * 1024;
    private static final Map<String, TestingReader> READERS = new HashMap<>();
    private static final List<Arguments> PAGES = new ArrayList<>();
    private static TestingServer server;

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        // With one project, the conversations are those of that one.
        server.owner.post("/api/v1/projects", "{'name':'Second'}");
        // A full page of the list, with names as long as they may be.
        for (int i = 0; i < 60; i++) {
            server.owner.post(
                    "/api/v1/keys",
                    "{'name':'" + (i + " lorem ipsum dolor sit amet ".repeat(4)).substring(0, 99)
                            + "','type':'web','projectId':'" + server.project + "'}");
        }
        for (int i = 0; i < 50; i++) {
            String words = i + " lorem ipsum dolor sit amet".repeat(10);
            server.owner.post(
                    "/api/v1/projects/" + server.project + "/assistant/entries",
                    "{'question':'" + words + "?','answer':'" + words.repeat(5) + "'}");
        }
        TestingPortal.pages(server, "/sign-in", "/conversations").forEach((reader, paths) -> {
            READERS.put(reader, TestingReader.signedIn(server, reader));
            paths.forEach(path -> PAGES.add(Arguments.of(path, reader)));
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<Arguments> pages() {
        return PAGES;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void pageWithAllOfItsOwnIsLight(String page, String email) throws IOException {
        TestingReader reader = Objects.requireNonNull(READERS.get(email));
        Answer html = reader.packed(page);
        assertThat(html.header("Content-Encoding")).isEqualTo("gzip");
        int all = html.body().length;
        String text;
        try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(html.body()))) {
            text = new String(unpacked.readAllBytes(), StandardCharsets.UTF_8);
        }
        Set<String> files = new HashSet<>();
        Matcher matcher = FILES.matcher(text);
        while (matcher.find()) {
            files.add(matcher.group(1).replace("&amp;", "&"));
        }
        assertThat(files).hasSizeGreaterThanOrEqualTo(3);
        // A key that was refused nothing has no chart.
        assertThat(files.stream().filter(file -> file.contains("/chart."))).hasSize(page.endsWith("/refusals") ? 2 : 0);
        for (String file : files) {
            Answer answer = reader.packed(file);
            assertThat(answer.status()).as(file).isEqualTo(200);
            all += answer.body().length;
        }
        assertThat(all).isLessThanOrEqualTo(MOST);
    }
}
