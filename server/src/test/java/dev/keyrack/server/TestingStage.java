package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.server.browser.TestingBrowser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What a visitor of somebody's website has before them: a browser, a website with the web component on it, and Keyrack with
 * an assistant that says what the test hands it. One of each for a test class, registered as an extension of it.
 */
final class TestingStage implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    /** Hears nothing of other tabs before it is told to ({@code thaw}), as a tab that the browser has frozen. */
    static final String FROZEN = """
            {
              const { addEventListener } = BroadcastChannel.prototype;
              const missed = [];
              let hears = false;
              BroadcastChannel.prototype.addEventListener = function (type, hear) {
                addEventListener.call(this, type, (event) => (hears ? hear(event) : missed.push(() => hear(event))));
              };
              window.thaw = () => {
                hears = true;
                for (const hear of missed) hear();
              };
            }""";

    final TestingBrowser browser = new TestingBrowser();
    final TestingAnswerer answerer = new TestingAnswerer();
    TestingServer server;
    TestingShop shop;
    String url;
    private final String domain;

    TestingStage() {
        this("test");
    }

    private TestingStage(String domain) {
        this.domain = domain;
    }

    /** With a website that counts as secure, as one with TLS does. */
    static TestingStage secure() {
        return new TestingStage("localhost");
    }

    @Override
    public void beforeAll(ExtensionContext tests) {
        server = TestingServer.startAnswering(answerer);
        url = ControlFile.read(server.data).orElseThrow().url();
        shop = TestingShop.start(url, domain);
    }

    /** All tests come from one address, and would be paused. */
    @Override
    public void beforeEach(ExtensionContext test) {
        forgetCounts();
        answerer.pieces.clear();
        answerer.turns.clear();
        shop.forbidStyles();
    }

    /** How often visitors have done what is counted. */
    void forgetCounts() {
        server.byHand("DELETE FROM visitor_counts");
    }

    @Override
    public void afterEach(ExtensionContext test) {
        answerer.pieces.add(TestingAnswerer.END);
        browser.afterEach(test);
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        browser.afterAll(tests);
        shop.close();
        server.close();
    }

    /** A key for the website of this shop. @param options JSON, with ' for " */
    TestingServer.Made key(String options) {
        TestingServer.Made key = server.make("web", ",'restrictions':{'websites':['" + shop.origin("shop") + "']}");
        configure(key, options);
        return key;
    }

    void configure(TestingServer.Made key, String options) {
        Answer configured = server.owner.patch(key.path() + "/component", options);
        assertThat(configured.status()).as(configured.text()).isEqualTo(200);
    }

    /** A desk, nothing that moves, and a key with these options. */
    TestingChat visit(String options) {
        return visit(browser.page(), options);
    }

    TestingChat visit(Page page, String options) {
        return visit(page, key(options));
    }

    /** One page with an element for each of these options. */
    List<TestingChat> visitAll(String... options) {
        StringBuilder elements = new StringBuilder();
        for (String each : options) {
            elements.append("<keyrack-assistant api-key=\"")
                    .append(key(each).token())
                    .append("\"></keyrack-assistant>");
        }
        shop.showHtml(elements.toString());
        Page page = browser.page();
        Locator all = go(page).host();
        return IntStream.range(0, options.length)
                .mapToObj(n -> new TestingChat(page, all.nth(n)))
                .toList();
    }

    TestingChat visit(Page page, TestingServer.Made key) {
        shop.show(key.token(), "");
        return go(page);
    }

    /** Goes to what the shop shows now. */
    TestingChat go(Page page) {
        page.navigate(shop.origin("shop") + "/");
        return new TestingChat(page);
    }

    TestingChat opened(String options) {
        return visit(options).open();
    }

    /** Several tabs of one browser. */
    BrowserContext tabs() {
        return browser.profile(TestingBrowser.options(TestingBrowser.DESKTOP, ColorScheme.LIGHT));
    }

    /** A visitor who has not asked for less motion. */
    Page moving() {
        return browser.profile(TestingBrowser.options(TestingBrowser.DESKTOP, ColorScheme.LIGHT)
                        .setReducedMotion(ReducedMotion.NO_PREFERENCE))
                .newPage();
    }

    /** What the website's backend signs for a customer who is signed in there. */
    static String vouched(TestingServer.Made key, Answer identityKey, String customer) {
        Instant now = Instant.now();
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(JOSEObjectType.JWT)
                        .keyID(identityKey.at("/identityKey/kid"))
                        .build(),
                new JWTClaimsSet.Builder()
                        .audience(key.id())
                        .subject(customer)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plusSeconds(300)))
                        .jwtID(UUID.randomUUID().toString())
                        .build());
        try {
            jwt.sign(new MACSigner(identityKey.at("/secret").getBytes(StandardCharsets.UTF_8)));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    /** What the assistant says to a visitor who has said {@code wait}. */
    void saying(String... pieces) {
        for (String piece : pieces) {
            answerer.pieces.add(piece);
        }
    }

    /** All of what it says to them. */
    void says(String text) {
        saying(text, TestingAnswerer.END);
    }
}
