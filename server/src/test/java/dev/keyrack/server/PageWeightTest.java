package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Promise: a page with its own styles and scripts is at most 100 KiB on the way to the browser, and so are its files. */
class PageWeightTest {
    private static final Pattern FILES = Pattern.compile("(?:href|src)=\"(/(?:portal|theme)/[^\"]+)\"");
    private static final int MOST = 100 * 1024;
    private static TestingServer server;
    /** Of a customer, since nobody deletes the operator's organization. */
    private static final String DELETE = "/settings/organization/delete";

    private static TestingReader reader;
    private static TestingReader customer;
    private static final List<String> PAGES = new ArrayList<>(List.of("/sign-in", "/conversations", DELETE));

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        reader = TestingReader.owner(server);
        customer = TestingReader.signedIn(server, "owner@example.org");
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
        PAGES.addAll(TestingPortal.pages(server));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<String> pages() {
        return PAGES;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void pageWithAllOfItsOwnIsLight(String page) throws IOException {
        TestingReader reader = page.equals(DELETE) ? customer : PageWeightTest.reader;
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
