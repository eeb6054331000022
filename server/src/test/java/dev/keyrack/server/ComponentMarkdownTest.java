package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: what an assistant answers is text with a little shape; none of it runs, loads anything, or leads where it should not. */
class ComponentMarkdownTest {
    /** Of an answer; each must be harmless alone and with the others, at once or letter by letter. */
    private static final List<String> ATTACKS = attacks();

    private static final String ALLOWED =
            "P H3 H4 H5 H6 PRE CODE BLOCKQUOTE UL OL LI HR DIV TABLE THEAD TBODY TR TH TD A SPAN" + " BR STRONG EM DEL";

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    private static List<String> attacks() {
        List<String> schemes = new ArrayList<>(List.of(
                "javascript:alert(1)",
                "JaVaScRiPt:alert(1)",
                "java\tscript:alert(1)",
                "java\u0000script:alert(1)",
                "\u0001javascript:alert(1)",
                " javascript:alert(1)",
                "\u00a0javascript:alert(1)",
                "\u200bjavascript:alert(1)",
                "javascript\u200b:alert(1)",
                "&#106;avascript:alert(1)",
                "&#x6A;avascript:alert(1)",
                "javascript&colon;alert(1)",
                "javascript&#58;alert(1)",
                "java&Tab;script:alert(1)",
                "java&NewLine;script:alert(1)",
                "%6Aavascript:alert(1)",
                "javascript:/*https://example.com*/alert(1)",
                "javascript://example.com/%0Aalert(1)",
                "\\javascript:alert(1)",
                "data:text/html,<script>alert(1)</script>",
                "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
                "data:image/svg+xml,<svg onload=alert(1)>",
                "vbscript:msgbox(1)",
                "file:///etc/passwd",
                "blob:https://example.com/1",
                "filesystem:https://example.com/1",
                "about:blank",
                "view-source:https://example.com",
                "intent://evil#Intent;scheme=https;end",
                "ms-appx:evil",
                "ftp://evil.test/",
                "ws://evil.test/",
                "//evil.test/x",
                "/\\evil.test/x",
                "/relative",
                "relative",
                "#fragment",
                "?query",
                "https:evil.test",
                "https:/evil.test",
                "https:\\\\evil.test",
                "https://user:password@evil.test/",
                "http://bank.test@evil.test/",
                "https://evil.test\\@bank.test",
                "https://\u202eevil.test/"));
        List<String> all = new ArrayList<>();
        for (String scheme : schemes) {
            all.add("[text](" + scheme + ")");
            all.add("[text](<" + scheme + ">)");
            all.add("![image](" + scheme + ")");
            all.add("<" + scheme + ">");
            all.add("[text][1]\n\n[1]: " + scheme + "\n");
            all.add("[text](" + scheme + " \"title\")");
        }
        all.addAll(List.of(
                "<script>alert(1)</script>",
                "<img src=x onerror=alert(1)>",
                "<img src=http://evil.test/pixel.png>",
                "![pixel](http://evil.test/pixel.png)",
                "[![pixel](http://evil.test/pixel.png)](https://example.com)",
                "<svg onload=alert(1)><script>alert(1)</script></svg>",
                "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
                "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
                "<iframe src=javascript:alert(1)></iframe>",
                "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
                "<object data=http://evil.test/x></object><embed src=http://evil.test/x>",
                "<a href=javascript:alert(1)>x</a>",
                "<form action=http://evil.test/><input autofocus onfocus=alert(1)><button>go</button></form>",
                "<style>@import url(http://evil.test/x.css); * { background: url(http://evil.test/x) }</style>",
                "<link rel=stylesheet href=http://evil.test/x.css><base href=http://evil.test/>",
                "<meta http-equiv=refresh content=\"0;url=http://evil.test/\">",
                "<video src=http://evil.test/v autoplay></video><audio src=http://evil.test/a autoplay></audio>",
                "<details open ontoggle=alert(1)><summary>x</summary></details>",
                "<keyrack-assistant api-key=x></keyrack-assistant><slot></slot><template><img src=x></template>",
                "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\">",
                "`<img src=x onerror=alert(1)>` and ```<script>alert(1)</script>```",
                "```html\"><script>alert(1)</script>\n<script>alert(1)</script>\n```",
                "[x\"onmouseover=\"alert(1)](https://example.com/\"onmouseover=\"alert(1))",
                "[x](https://example.com/'onmouseover='alert(1))",
                "[a](javascript:alert(1)\n)[b](\njavascript:alert(1))",
                "[[[[x](javascript:alert(1))](https://example.com)](javascript:alert(1))",
                "**[<img src=x onerror=alert(1)>](javascript:alert(1))**",
                "| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |\n|---|---|\n| <script>alert(1)</script> | x |",
                "> - 1. # <img src=x onerror=alert(1)>",
                "{{constructor.constructor('alert(1)')()}} ${alert(1)} <%= alert(1) %>",
                "\u202e[gnp.exe](https://example.com)\u202c",
                "__proto__ constructor [toString](hasOwnProperty)",
                "[x](mailto:?bcc=all@evil.test)",
                "[x](tel:javascript:alert(1))"));
        return List.copyOf(all);
    }

    /** A visitor before whom nothing may run, and nothing be asked of anybody but the page's own site and Keyrack. */
    private static TestingChat watched(List<String> asked) {
        var page = STAGE.browser.page();
        page.addInitScript("window.ran = []; for (const name of ['alert', 'confirm', 'prompt', 'open', 'msgbox'])"
                + " window[name] = () => ran.push(name);");
        page.onRequest(request -> asked.add(URI.create(request.url()).getHost()));
        page.onPopup(popup -> asked.add("popup"));
        return STAGE.visit(page, "{}").open();
    }

    private static void harmless(TestingChat chat, List<String> asked) {
        assertThat(chat.page().evaluate("ran")).isEqualTo(List.of());
        assertThat(asked).containsOnly("shop.test", "127.0.0.1");
        assertThat((List<?>) chat.replies().evaluateAll("""
                (replies, allowed) => replies.flatMap(reply => [...reply.querySelectorAll("*")]).flatMap(element => {
                  const found = [];
                  if (!allowed.split(" ").includes(element.tagName)) found.push("element " + element.outerHTML);
                  for (const { name, value } of element.attributes) {
                    const good = { href: /^(https?:\\/\\/[^@]+|mailto:[^?].*|tel:[+\\d].*)$/, target: /^_blank$/, class: /^(table|unseen)$/,
                      rel: /^noopener noreferrer nofollow$/, tabindex: /^0$/, dir: /^ltr$/, start: /^\\d+$/, scope: /^col$/ }[name];
                    if (!good?.test(value)) found.push("attribute " + name + "=" + value);
                  }
                  if (element.tagName === "A" && !/^(https?|mailto|tel):$/.test(element.protocol)) found.push("scheme " + element.href);
                  return found;
                })""", ALLOWED)).isEmpty();
    }

    @Test
    void nothingHostileInAnAnswerRunsLoadsOrLeadsAstray() {
        List<String> asked = new CopyOnWriteArrayList<>();
        TestingChat chat = watched(asked);
        chat.send("wait");
        for (String attack : ATTACKS) {
            STAGE.saying(attack + "\n\n");
        }
        STAGE.says("The end.");
        assertThat(chat.reply()).containsText("The end.");
        assertThat(chat.part("rating")).hasCount(2);
        harmless(chat, asked);
        // And when it is read back whole.
        chat.page().reload();
        assertThat(chat.reply()).containsText("The end.");
        harmless(chat, asked);
    }

    @Test
    void nothingHostileRunsWhileItComesLetterByLetter() {
        List<String> asked = new CopyOnWriteArrayList<>();
        TestingChat chat = watched(asked);
        chat.send("wait");
        String some = String.join("\n\n", ATTACKS.subList(ATTACKS.size() - 34, ATTACKS.size()));
        some.codePoints().forEach(letter -> STAGE.saying(Character.toString(letter)));
        STAGE.says("\n\nThe end.");
        assertThat(chat.reply()).containsText("The end.");
        harmless(chat, asked);
    }

    @Test
    void deepNestingHoldsNothingUp() {
        List<String> asked = new CopyOnWriteArrayList<>();
        TestingChat chat = watched(asked);
        for (String opening : List.of(
                "> ", "- ", "[", "*", "**", "`", "![", "1. ", "<", "_~", "|", "\\", "# ", "](", "&", "> - ", "*_")) {
            int before = chat.replies().count();
            STAGE.forgetCounts();
            chat.send("wait");
            STAGE.saying(opening.repeat(9_000 / opening.length()));
            STAGE.says("\n\nThe end.");
            assertThat(chat.replies().nth(before)).containsText("The end.");
            assertThat(chat.part("rating")).hasCount(2 * before + 2);
        }
        harmless(chat, asked);
    }

    @Test
    void hugeTableHoldsNothingUp() {
        List<String> asked = new CopyOnWriteArrayList<>();
        TestingChat chat = watched(asked);
        chat.send("wait");
        STAGE.saying("|" + " a |".repeat(300) + "\n|" + "-|".repeat(300) + "\n");
        for (int i = 0; i < 100; i++) {
            STAGE.saying("|" + " b |".repeat(50) + "\n");
        }
        STAGE.says("\nThe end.");
        assertThat(chat.reply()).containsText("The end.");
        assertThat(chat.part("rating")).hasCount(2);
        harmless(chat, asked);
    }

    @Test
    void blockThatIsFinishedIsNotDrawnAgainWhileTheReplyGoesOn() {
        TestingChat chat = STAGE.opened("{}").send("wait");
        Locator blocks = chat.reply().locator("p");
        // A block is finished when a line of the next one is.
        STAGE.saying("First.\n\nSecond.\n\nThird ");
        assertThat(blocks).hasText(new String[] {"First.", "Second.", "Third"});
        blocks.first().evaluate("block => { block.marked = true; }");
        STAGE.saying("goes on.\n\nFourth");
        assertThat(blocks).hasText(new String[] {"First.", "Second.", "Third goes on.", "Fourth"});
        STAGE.says(".");
        assertThat(chat.part("rating")).hasCount(2);
        assertThat(blocks.first().evaluate("block => block.marked")).isEqualTo(true);
    }

    @Test
    void linkWhoseTextIsTheAddressOfAnotherHostSaysWhereItLeads() {
        TestingChat chat = STAGE.opened("{}").send("wait");
        STAGE.says("Sign in at [https://**bank**.example](https://evil.example/x) or [here](https://evil.example/y).");
        assertThat(chat.reply().locator("a")).hasText(new String[] {
            "https://bank.example (evil.example) (opens in a new tab)", "here (opens in a new tab)"
        });
    }

    @Test
    void markdownOfVisitorsIsText() {
        TestingChat chat = STAGE.opened("{}").send("**bold** <b>x</b> [x](https://example.com)");
        assertThat(chat.said()).hasText("**bold** <b>x</b> [x](https://example.com)");
        assertThat(chat.said().locator("*")).hasCount(0);
    }

    @Test
    void plainMarkdownIsShownAsItIsMeant() {
        TestingChat chat = STAGE.opened("{}").send("wait");
        STAGE.says("""
                # Opening hours

                We are open **every** day, *almost*. See [the page](https://example.com/hours) or
                [write](mailto:us@example.com) or [call](tel:+41441234567).

                - Monday
                - Tuesday
                  - morning

                3. third
                4. fourth

                > quoted

                ```js
                if (a < b) "<b>";
                ```

                | Day | Hours |
                |-----|-------|
                | Mon | 8–18  |

                ---

                Use `npm ci`.""");
        Locator reply = chat.reply();
        assertThat(reply).containsText("Use npm ci.");
        assertThat(reply.getByRole(AriaRole.HEADING, new Locator.GetByRoleOptions().setLevel(3)))
                .hasText("Opening hours");
        assertThat(reply.locator("strong")).hasText("every");
        assertThat(reply.locator("em")).hasText("almost");
        assertThat(reply.getByRole(AriaRole.LINK)).hasCount(3);
        assertThat(reply.getByRole(AriaRole.LINK).first()).hasAttribute("href", "https://example.com/hours");
        assertThat(reply.locator("ul ul li")).hasText("morning");
        assertThat(reply.locator("ol")).hasAttribute("start", "3");
        assertThat(reply.locator("ol li")).hasText(new String[] {"third", "fourth"});
        assertThat(reply.locator("blockquote")).hasText("quoted");
        assertThat(reply.locator("pre code")).hasText("if (a < b) \"<b>\";");
        assertThat(reply.getByRole(AriaRole.COLUMNHEADER)).hasText(new String[] {"Day", "Hours"});
        assertThat(reply.getByRole(AriaRole.CELL)).hasText(new String[] {"Mon", "8–18"});
        assertThat(reply.locator("hr")).hasCount(1);
        assertThat(reply.locator("p code")).hasText("npm ci");
    }
}
