package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keyrack.server.TestingPortal.button;
import static dev.keyrack.server.TestingPortal.field;
import static dev.keyrack.server.TestingPortal.link;
import static dev.keyrack.server.TestingPortal.signIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import dev.keyrack.server.browser.TestingBrowser;
import dev.keyrack.server.conversations.PageCodes;
import dev.keyrack.server.store.TestingKeyset;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Promise: the page “Web component” of a key shows the component itself as the form would have it, saves what fits and says
 * what does not; a project's own page is the assistant and nothing else.
 */
class ComponentPageInBrowserTest {
    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    private static TestingServer.Made key(String options) {
        TestingServer.Made key = STAGE.server.make("web", ",'restrictions':{'websites':['https://example.com']}");
        STAGE.configure(key, options);
        return key;
    }

    private static Page signedIn(Page page, TestingServer.Made key) {
        TestingReader.owner(STAGE.server);
        signIn(page, STAGE.url);
        page.navigate(STAGE.url + "/settings/api-keys/" + key.id() + "/component");
        return page;
    }

    private static Page opened(String options) {
        return signedIn(STAGE.browser.page(), key(options));
    }

    /** Where an entry of a list is typed. */
    private static Locator entry(Page page, String label) {
        return page.getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName(label));
    }

    private static Locator group(Page page, String label) {
        return page.getByRole(AriaRole.RADIOGROUP, new Page.GetByRoleOptions().setName(label));
    }

    private static FrameLocator preview(Page page) {
        return page.frameLocator("#preview");
    }

    private static Locator launcher(Page page) {
        return preview(page).locator("[part~=button]");
    }

    @Test
    void previewIsTheComponentAndFollowsTheFormBeforeItIsSaved() {
        Page page = opened("{}");
        assertThat(launcher(page)).isVisible();
        field(page, "Size of the round button, in pixels").fill("120");
        assertThat(launcher(page)).hasCSS("width", "120px");
        field(page, "Bottom margin, in pixels").fill("50");
        assertThat(launcher(page)).hasCSS("bottom", "50px");
        field(page, "Position").selectOption("left");
        assertThat(launcher(page)).hasCSS("left", "20px");
        field(page, "Colour").fill("#ffee00");
        assertThat(launcher(page)).hasCSS("background-color", "rgb(255, 238, 0)");
        assertThat(launcher(page)).hasCSS("color", "rgb(0, 0, 0)");
        field(page, "Language").selectOption("ar");
        assertThat(launcher(page)).hasAccessibleName("فتح المحادثة");
        field(page, "Language").selectOption("en");
        entry(page, "Engagement prompts").fill("Need a hand?");
        entry(page, "Engagement prompts").press("Enter");
        assertThat(preview(page).locator("[part~=prompt-text]")).hasText("Need a hand?");
        launcher(page).click();
        Locator dialog = preview(page).getByRole(AriaRole.DIALOG);
        field(page, "Title").fill("Kiln & Clay");
        assertThat(dialog).hasAccessibleName("Kiln & Clay");
        entry(page, "Intro messages").fill("Hello there");
        entry(page, "Intro messages").press("Enter");
        assertThat(dialog).containsText("Hello there");
        page.getByLabel("Show the Close button").uncheck();
        assertThat(preview(page).locator("[part~=close]")).hasCount(0);
        field(page, "Light or dark").selectOption("dark");
        assertThat(dialog).hasCSS("background-color", "rgb(21, 24, 29)");
        field(page, "Privacy policy URL").fill("https://example.com/privacy");
        assertThat(dialog.getByRole(AriaRole.LINK)).hasAttribute("href", "https://example.com/privacy");
        assertThat(STAGE.server.rows().get("web_components").toString()).doesNotContain("Kiln");
    }

    @Test
    void previewTalksToTheAssistantWhateverTheWebsitesOfTheKeyAre() {
        Page page = opened("{}");
        launcher(page).click();
        preview(page).getByRole(AriaRole.TEXTBOX).fill("hello");
        preview(page).getByRole(AriaRole.TEXTBOX).press("Enter");
        assertThat(preview(page).locator("[part~=assistant-text]")).hasText("hello");
        BoundingBox frame = page.locator("#preview").boundingBox();
        BoundingBox dialog = preview(page).getByRole(AriaRole.DIALOG).boundingBox();
        assertThat(dialog.x).isGreaterThanOrEqualTo(frame.x);
        assertThat(dialog.y + dialog.height).isLessThanOrEqualTo(frame.y + frame.height);
    }

    @Test
    void snippetIsCopiedWithTheWholeTokenWhetherItIsShownOrNot() {
        Page page = opened("{}");
        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        String masked = page.locator("#snippet").textContent();
        assertThat(masked).contains("…");
        button(page, "Copy").click();
        assertThat(button(page, "Copied")).isVisible();
        String copied = (String) page.evaluate("navigator.clipboard.readText()");
        assertThat(copied)
                .as("what a page needs")
                .matches("(?s)<script src=\"[^\"]+/assistant/v1.js\" async></script>\n"
                        + "<keyrack-assistant api-key=\"kr_web_[0-9A-Za-z]{44}\"></keyrack-assistant>");
        assertThat(page.locator("#snippet").textContent())
                .as("not shown by that")
                .isEqualTo(masked);
        button(page, "Show the token").click();
        assertThat(page.locator("#snippet")).hasText(copied);
    }

    @Test
    void whatIsHalfTypedLeavesThePreviewAsItWas() {
        Page page = opened("{}");
        assertThat(launcher(page)).isVisible();
        page.waitForResponse(
                "**/component/draft",
                () -> field(page, "Size of the round button, in pixels").fill("9"));
        assertThat(launcher(page)).hasCSS("width", "70px");
        page.waitForResponse(
                "**/component/draft",
                () -> field(page, "Size of the round button, in pixels").fill("90"));
        assertThat(launcher(page)).hasCSS("width", "90px");
    }

    @Test
    void savedOptionsAreShownAgainAndToVisitors() {
        TestingServer.Made key = key("{}");
        Page page = signedIn(STAGE.browser.page(), key);
        field(page, "Title").fill("Kiln & Clay");
        field(page, "Size of the round button, in pixels").fill("140");
        page.getByLabel("Limited", new Page.GetByLabelOptions().setExact(true)).check();
        field(page, "Messages of a visitor").fill("3");
        field(page, "Message at the limit").fill("Enough for today.");
        entry(page, "Engagement prompts").fill("Typed, not added");
        button(page, "Save options").click();
        assertThat(page.getByText("Saved. Pages show it from their next visit on."))
                .isVisible();
        assertThat(field(page, "Title")).hasValue("Kiln & Clay");
        assertThat(group(page, "Engagement prompts")).containsText("Typed, not added");
        Answer told =
                STAGE.server.nobody.as("Origin", "https://example.com").get("/assistant/v1/components/" + key.id());
        assertThat(told.at("/title")).isEqualTo("Kiln & Clay");
        assertThat(told.at("/button/size")).isEqualTo("140");
        assertThat(told.at("/messageLimit/text")).isEqualTo("Enough for today.");
        assertThat(told.at("/prompts/texts/0")).isEqualTo("Typed, not added");
    }

    /** Whatever is none of their defaults. */
    @Test
    void everyOptionThatIsSavedIsAsAVisitorFindsIt() {
        TestingServer.Made key = STAGE.key("{}");
        Page page = signedIn(STAGE.browser.page(), key);
        entry(page, "Intro messages").fill("Hello there");
        page.getByLabel("Show the Close button").uncheck();
        page.getByLabel("Show the New conversation button").uncheck();
        page.getByLabel("May be expanded in its container").check();
        field(page, "Privacy policy URL").fill("https://example.com/privacy");
        field(page, "Terms of service URL").fill("https://example.com/terms");
        field(page, "Size of the round button, in pixels").fill("40");
        field(page, "Position").selectOption("Bottom left");
        field(page, "Bottom margin, in pixels").fill("33");
        entry(page, "Engagement prompts").fill("Need a hand?");
        page.getByLabel("One of them, at random.").check();
        field(page, "Seconds between prompts").fill("9");
        page.getByLabel("Play a sound on entering the page").check();
        page.getByLabel("The conversation goes on across pages and tabs").uncheck();
        button(page, "Save options").click();
        assertThat(page.getByText("Saved. Pages show it from their next visit on."))
                .isVisible();

        TestingChat chat = STAGE.visit(STAGE.browser.page(), key);
        assertThat(chat.launcher()).hasCSS("width", "40px");
        assertThat(chat.launcher()).hasCSS("left", "20px");
        assertThat(chat.launcher()).hasCSS("bottom", "33px");
        assertThat(chat.part("prompt-text")).hasText("Need a hand?");
        chat.open();
        assertThat(chat.replies()).hasText("Hello there");
        assertThat(chat.tool("Expand")).isVisible();
        assertThat(chat.tool("Close chat")).hasCount(0);
        assertThat(chat.tool("New conversation")).hasCount(0);
        assertThat(chat.link("Privacy policy")).hasAttribute("href", "https://example.com/privacy");
        assertThat(chat.link("Terms of service")).hasAttribute("href", "https://example.com/terms");
        chat.echo("once");
        chat.page().reload();
        chat.open();
        assertThat(chat.replies()).hasText("Hello there");
        Answer told = STAGE.server.owner.get(key.path() + "/component");
        assertThat(told.at("/component/prompts/mode")).isEqualTo("random");
        assertThat(told.at("/component/prompts/seconds")).isEqualTo("9");
        assertThat(told.at("/component/sound")).isEqualTo("true");
    }

    @Test
    void pageOfAProjectIsTurnedOnAndOff() {
        TestingServer.Made key = key("{}");
        Page page = signedIn(STAGE.browser.page(), key);
        button(page, "Turn the page on").click();
        assertThat(page.getByText("The page is on.")).isVisible();
        String address = STAGE.url + "/a/" + STAGE.server.project;
        Page visitor = STAGE.browser.page();
        visitor.navigate(link(page, address).getAttribute("href"));
        new TestingChat(visitor).echo("hello");
        button(page, "Turn the page off").click();
        assertThat(page.getByText("The page is off: its address leads nowhere now."))
                .isVisible();
        assertThat(visitor.navigate(address).status()).isEqualTo(404);
    }

    @Test
    void identityKeyIsMadeShownOnceAndEnded() {
        Page page = opened("{}");
        link(page, "Customers who are signed in").click();
        assertThat(page.getByText("There is no identity key: every visitor is a guest."))
                .isVisible();
        button(page, "Make an identity key").click();
        Locator secret = page.locator("#identity-secret");
        assertThat(secret).isVisible();
        STAGE.server.minted.add(secret.textContent());
        link(page, "Web component").click();
        link(page, "Customers who are signed in").click();
        assertThat(page.getByRole(AriaRole.ROWHEADER)).hasCount(1);
        assertThat(secret).hasCount(0);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("End "))
                .click();
        assertThat(page.getByText("It has ended, and every session that it vouched for."))
                .isVisible();
        assertThat(page.getByRole(AriaRole.ROWHEADER)).hasCount(0);
    }

    @Test
    void whatIsOutOfItsBoundsIsToldBesideItsField() {
        Page page = opened("{}");
        // The browser would say so first.
        page.locator("form[data-draft]").evaluate("form => (form.noValidate = true)");
        for (String[] wrong : new String[][] {
            {"Size of the round button, in pixels", "141"},
            {"Bottom margin, in pixels", "9"},
            {"Seconds between prompts", "3601"},
            {"Privacy policy URL", "javascript:alert(1)"},
            {"Title", ""},
        }) {
            field(page, wrong[0]).fill(wrong[1]);
        }
        button(page, "Save options").click();
        for (String label : new String[] {
            "Size of the round button, in pixels",
            "Bottom margin, in pixels",
            "Seconds between prompts",
            "Privacy policy URL",
            "Title"
        }) {
            assertThat(field(page, label)).hasAttribute("aria-invalid", "true");
        }
        assertThat(field(page, "Size of the round button, in pixels")).hasValue("141");
        TestingBrowser.axe(page);
    }

    @Test
    void promptsArePutInOrderWithUpAndDown() {
        Page page = opened("{'prompts':{'texts':['One','Two','Three']}}");
        Locator prompts = group(page, "Engagement prompts");
        Locator editor = page.locator(".list-editor").filter(new Locator.FilterOptions().setHas(prompts));
        Locator up = editor.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Up"));
        Locator down = editor.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Down"));
        assertThat(up).isHidden();
        radio(prompts, "Three").check();
        up.click();
        assertThat(up).isFocused();
        up.click();
        up.click();
        assertThat(prompts.locator("label")).hasText(new String[] {"Three", "One", "Two"});
        assertThat(preview(page).locator("[part~=prompt-text]")).hasText("Three");
        radio(prompts, "One").check();
        down.click();
        assertThat(prompts.locator("label")).hasText(new String[] {"Three", "Two", "One"});
        button(page, "Delete: Two").click();
        assertThat(radio(prompts, "One")).isFocused();
        button(page, "Save options").click();
        assertThat(page.getByText("Saved.")).isVisible();
        assertThat(group(page, "Engagement prompts").locator("label")).hasText(new String[] {"Three", "One"});
    }

    private static Locator radio(Locator group, String name) {
        return group.getByRole(AriaRole.RADIO, new Locator.GetByRoleOptions().setName(name));
    }

    @Test
    void pageIsReadInEveryWay() {
        TestingServer.Made key =
                key("{'prompts':{'texts':['One','Two']},'messageLimit':{'messages':9,'text':'Enough.'}}");
        STAGE.browser.everyWay((page, name) -> {
            signedIn(page, key);
            assertThat(launcher(page)).isVisible();
            launcher(page).click();
            assertThat(preview(page).getByRole(AriaRole.DIALOG)).isVisible();
            TestingBrowser.screenshot(page, "component" + name);
            TestingBrowser.axe(page);
            TestingBrowser.fits(page);
        });
    }

    /** As a page that has been open for a day. */
    private static void grownOld(Locator component, String code) {
        component.evaluate("(element, code) => element.setAttribute('page-code', code)", code);
        STAGE.server.byHand("UPDATE visitor_access SET ends_at = 1");
    }

    @Test
    void pageThatIsOpenForLongerThanItsCodeGoesOnWithAnother() {
        TestingServer.Made key = key("{}");
        STAGE.server.owner.send("PUT", key.path() + "/hosted-page", BodyPublishers.noBody());
        PageCodes longAgo = new PageCodes(TestingKeyset.in(STAGE.server.data), () -> 1);
        Page hosted = STAGE.browser.page();
        hosted.navigate(STAGE.url + "/a/" + STAGE.server.project);
        TestingChat chat = new TestingChat(hosted).echo("hello");
        grownOld(chat.host(), longAgo.hosted(key.id()));
        chat.echo("a day later");
        assertThat(chat.said()).hasText(new String[] {"hello", "a day later"});
        Page portal = signedIn(STAGE.browser.page(), key);
        launcher(portal).click();
        grownOld(preview(portal).locator("keyrack-assistant"), longAgo.preview(key.id(), "mem_1"));
        Locator input = preview(portal).getByRole(AriaRole.TEXTBOX);
        input.fill("a quarter of an hour later");
        input.press("Enter");
        assertThat(preview(portal).locator("[part~=assistant-text]")).hasText("a quarter of an hour later");
    }

    /** Nothing goes round in circles where there is no such page any more. */
    @Test
    void pageThatCanGetNoOtherCodeSaysThatTheMessageIsNotSent() {
        TestingServer.Made key = key("{}");
        STAGE.server.owner.send("PUT", key.path() + "/hosted-page", BodyPublishers.noBody());
        Page page = STAGE.browser.page();
        page.addInitScript(
                "const real = setTimeout; window.setTimeout = (work, wait, ...more) => real(work, wait / 20, ...more);");
        page.navigate(STAGE.url + "/a/" + STAGE.server.project);
        TestingChat chat = new TestingChat(page);
        assertThat(chat.input()).isVisible();
        grownOld(chat.host(), new PageCodes(TestingKeyset.in(STAGE.server.data), () -> 1).hosted(key.id()));
        STAGE.server.owner.delete(key.path() + "/hosted-page");
        List<String> asked = new CopyOnWriteArrayList<>();
        page.onRequest(request -> asked.add(request.url()));
        chat.send("are you there?");
        assertThat(chat.log()).containsText("Not sent");
        assertThat(asked).hasSizeLessThan(20);
        assertThat(chat.part("limit")).isHidden();
    }

    @Test
    void logoStandsAboveTheConversation() {
        TestingServer.Made key = key("{'title':'Ask us','introMessages':['Hello']}");
        STAGE.server.owner.send("PUT", key.path() + "/hosted-page", BodyPublishers.noBody());
        String logo = "/api/v1/organizations/" + STAGE.server.organization + "/logo";
        STAGE.server.owner.send("PUT", logo, "image/png", TestingPicture.png(300, 100));
        STAGE.browser.everyWay((page, name) -> {
            page.navigate(STAGE.url + "/a/" + STAGE.server.project);
            TestingChat chat = new TestingChat(page);
            Locator picture = page.locator("header img");
            for (Locator shown : List.of(picture, chat.part("title"), chat.input())) {
                assertThat(shown).isVisible();
                assertThat((String) shown.evaluate("""
                        shown => {
                          const { left, top, width, height } = shown.getBoundingClientRect();
                          const found = shown.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
                          return shown.contains(found) ? "" : `${found?.outerHTML.slice(0, 200)} at ${left}, ${top}`;
                        }""")).isEmpty();
            }
            BoundingBox above = picture.boundingBox();
            BoundingBox box = chat.dialog().boundingBox();
            assertThat(box.y).isGreaterThanOrEqualTo(above.y + above.height);
            assertThat(box.width).isEqualTo(page.viewportSize().width);
            assertThat(box.y + box.height).isEqualTo(page.viewportSize().height);
            chat.send("hello");
            assertThat(chat.reply()).hasText("hello");
            TestingBrowser.screenshot(page, "hosted-logo" + name);
            TestingBrowser.axe(page);
            TestingBrowser.fits(page);
            STAGE.forgetCounts();
        });
        STAGE.server.owner.delete(logo);
    }

    @Test
    void pageOfAProjectIsTheAssistantInEveryWay() {
        TestingServer.Made key = key("{'title':'Kiln & Clay','introMessages':['Hello']}");
        STAGE.server.owner.send("PUT", key.path() + "/hosted-page", BodyPublishers.noBody());
        STAGE.browser.everyWay((page, name) -> {
            page.navigate(STAGE.url + "/a/" + STAGE.server.project);
            TestingChat chat = new TestingChat(page);
            assertThat(chat.dialog()).hasAccessibleName("Kiln & Clay");
            assertThat(chat.input()).isVisible();
            BoundingBox box = chat.dialog().boundingBox();
            assertThat(box.width).isEqualTo(page.viewportSize().width);
            assertThat(box.height).isEqualTo(page.viewportSize().height);
            assertThat(chat.launcher()).hasCount(0);
            assertThat(chat.part("close")).hasCount(0);
            chat.page().keyboard().press("Escape");
            chat.send("hello");
            assertThat(chat.reply()).hasText("hello");
            TestingBrowser.screenshot(page, "hosted" + name);
            TestingBrowser.axe(page);
            TestingBrowser.fits(page);
            page.reload();
            assertThat(chat.said()).hasText("hello");
            STAGE.forgetCounts();
        });
    }
}
