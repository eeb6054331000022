package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.browser.TestingBrowser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Promise: every program that a page offers for a key works when it is pasted, once it has the address of the API. */
class SnippetsTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("keyrack.root", ".."), "server/src/main/resources/snippets");

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static TestingServer server;
    private static HttpServer api;
    private static String url;

    /** What is answered at {@code /page}. */
    private static volatile String website = "";

    @TempDir
    private Path folder;

    /** An API that asks the gate about the key of each request, and the pages of a website. */
    @BeforeAll
    static void start() throws IOException {
        server = TestingServer.start();
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        api.createContext("/", SnippetsTest::answer);
        api.start();
        url = "http://127.0.0.1:" + api.getAddress().getPort() + "/";
    }

    @AfterAll
    static void stop() {
        api.stop(0);
        server.close();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (exchange.getRequestURI().getPath().equals("/page")) {
                byte[] page = website.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/html");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
                return;
            }
            exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
            exchange.getResponseHeaders().set("Access-Control-Allow-Headers", "x-api-key");
            if (exchange.getRequestMethod().equals("OPTIONS")) {
                exchange.sendResponseHeaders(204, -1);
                return;
            }
            String origin = exchange.getRequestHeaders().getFirst("Origin");
            String key = exchange.getRequestHeaders().getFirst("x-api-key");
            String code = server.gate
                    .post(
                            "/v1/verify",
                            "{'token':'" + key + "'" + (origin == null ? "" : ",'origin':'" + origin + "'") + "}")
                    .at("/code");
            byte[] body = code.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code.equals("VALID") ? 200 : 401, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String snippet(String file) throws IOException {
        String text = Files.readString(FOLDER.resolve(file));
        assertThat(text).contains(file.equals("verify.sh") ? "http://127.0.0.1:8081/" : "https://api.example.com/");
        return text.replace("https://api.example.com/", url)
                .replace(
                        "http://127.0.0.1:8081",
                        ControlFile.read(server.data).orElseThrow().gateUrl());
    }

    private String run(String file, String token, String... command) throws IOException, InterruptedException {
        Files.writeString(folder.resolve(file), snippet(file));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("API_KEY", token);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output.strip();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Test
    void everySnippetIsRunHere() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "Api.java",
                            "call.sh",
                            "Call.java",
                            "call.mjs",
                            "call.py",
                            "verify.sh",
                            "page.html",
                            "component.html",
                            "Assistant.jsx",
                            "keyrack-assistant.php");
        }
    }

    @Test
    void programsOfServersAreLetInWithTheirKeyAndToldWhyNotWithoutIt() throws Exception {
        TestingServer.Made key = server.make("server");
        TestingServer.Made off = server.make("analytics");
        server.owner.post(off.path() + "/disable");
        for (List<String> program : List.of(
                List.of("call.sh", "sh", "call.sh"),
                List.of("Call.java", java(), "Call.java"),
                List.of("call.mjs", "node", "call.mjs"),
                List.of("call.py", "python3", "call.py"))) {
            String[] command = program.subList(1, program.size()).toArray(String[]::new);
            assertThat(run(program.getFirst(), key.token(), command))
                    .as(program.getFirst())
                    .endsWith("VALID");
            assertThat(run(program.getFirst(), off.token(), command))
                    .as(program.getFirst())
                    .endsWith("DISABLED");
        }
    }

    /** Android itself is not here: the two classes of its library that the program uses are. */
    @Test
    void appIsLetInWithItsMobileKeyAndToldWhyNotWithoutIt() throws Exception {
        Files.writeString(folder.resolve("App.java"), """
                class App {
                    public static void main(String[] arguments) throws Exception {
                        System.out.println(Api.get());
                    }
                }
                """);
        TestingServer.Made key = server.make("mobile");
        for (String answer : List.of("200 VALID", "401 DISABLED")) {
            Files.writeString(folder.resolve("Api.java"), snippet("Api.java").replace("YOUR-KEY", key.token()));
            Process process = new ProcessBuilder(java(), "App.java")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
                    .endsWith(answer);
            server.owner.post(key.path() + "/disable");
        }
    }

    @Test
    void serviceAsksWhetherAKeyIsGood() throws Exception {
        TestingServer.Made key = server.make("server");
        assertThat(JsonMapper.shared()
                        .readTree(run("verify.sh", key.token(), "sh", "verify.sh"))
                        .at("/code")
                        .stringValue())
                .isEqualTo("VALID");
    }

    @Test
    void pageOfAWebsiteIsLetInWithItsWebKeyAndNoOtherWebsiteIs() throws Exception {
        int port = api.getAddress().getPort();
        TestingServer.Made key = server.make("web", ",'restrictions':{'websites':['http://shop.test:" + port + "']}");
        website = snippet("page.html").replace("YOUR-KEY", key.token());
        for (String site : List.of("shop", "other")) {
            Page page = BROWSER.page();
            page.navigate("http://" + site + ".test:" + port + "/page");
            assertThat(page.locator("#answer")).hasText(site.equals("shop") ? "200 VALID" : "401 WEBSITE_NOT_ALLOWED");
        }
    }

    /** As a page of a shop that is allowed, the component's button in front of the visitor. */
    private static void opens(TestingServer.Made key, String html) {
        website = html.replace("YOUR-KEY", key.token());
        Page page = BROWSER.page();
        page.navigate("http://shop.test:" + api.getAddress().getPort() + "/page");
        assertThat(page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Open chat")))
                .isVisible();
    }

    private static TestingServer.Made shopKey() {
        return server.make(
                "web",
                ",'restrictions':{'websites':['http://shop.test:"
                        + api.getAddress().getPort() + "']}");
    }

    private static String here(String file) throws IOException {
        return Files.readString(FOLDER.resolve(file))
                .replace(
                        "https://keys.example.com",
                        ControlFile.read(server.data).orElseThrow().url());
    }

    @Test
    void assistantStandsOnAPageWithItsTwoLines() throws IOException {
        opens(shopKey(), "<!doctype html><html lang=en><title>Shop</title>" + here("component.html"));
    }

    @Test
    void assistantStandsInAReactApp() throws Exception {
        Files.writeString(folder.resolve("Assistant.jsx"), here("Assistant.jsx"));
        Files.writeString(folder.resolve("app.jsx"), """
                import { createRoot } from "react-dom/client";
                import { Assistant } from "./Assistant.jsx";
                createRoot(document.querySelector("#root")).render(<Assistant />);
                """);
        Path browser = Path.of(System.getProperty("keyrack.root", ".."), "browser");
        ProcessBuilder bundling = new ProcessBuilder(
                        "node",
                        browser.resolve("node_modules/esbuild/bin/esbuild").toString(),
                        "app.jsx",
                        "--bundle",
                        "--jsx=automatic",
                        "--define:process.env.NODE_ENV=\"production\"",
                        "--outfile=app.js")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("esbuild.log").toFile());
        bundling.environment().put("NODE_PATH", browser.resolve("node_modules").toString());
        Process process = bundling.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("esbuild.log")))
                .isZero();
        opens(
                shopKey(),
                "<!doctype html><html lang=en><title>Shop</title><div id=root></div><script>"
                        + Files.readString(folder.resolve("app.js")) + "</script>");
    }

    /** WordPress itself is not here: what it calls at the end of a page is. */
    @Test
    void pluginForWordPressWritesTheSameTwoLinesAtTheEndOfAPage() throws Exception {
        Files.writeString(folder.resolve("keyrack-assistant.php"), here("keyrack-assistant.php"));
        Process process = new ProcessBuilder(
                        "php",
                        "-r",
                        "function add_action($hook, $work) { $GLOBALS['at'][$hook] = $work; }"
                                + " require 'keyrack-assistant.php'; $at['wp_footer']();")
                .directory(folder.toFile())
                .start();
        String page = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String complaints = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(complaints).isEmpty();
        assertThat(page.strip().lines().map(String::strip).toList())
                .containsExactlyElementsOf(here("component.html").lines().toList());
        opens(shopKey(), "<!doctype html><html lang=en><title>Shop</title>" + page);
    }
}
