package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: a panel that fills its container goes where the container goes, and is as large as it is. */
class ComponentContainerTest {
    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    /** An expanded panel in a container that lies in a region which scrolls, on a page which scrolls. */
    private static TestingChat expanded() {
        TestingServer.Made key = STAGE.key("{'expand':true}");
        STAGE.shop.allowStyles();
        STAGE.shop.showHtml("<style>#page { height: 3000px } #region { height: 900px; overflow: auto }"
                + " #inside { padding: 90px 0 0 120px } #after { height: 1500px }"
                + " #box { position: relative; width: 500px; height: 500px }</style>"
                + "<div id=page><div id=region tabindex=0><div id=inside><section id=box>"
                + "<keyrack-assistant api-key=\"" + key.token()
                + "\"></keyrack-assistant></section><div id=after></div></div></div></div>");
        TestingChat chat = STAGE.go(STAGE.browser.page()).open();
        chat.tool("Expand").click();
        assertThat(chat.tool("Reduce")).isVisible();
        return chat;
    }

    private static double[] box(BoundingBox box) {
        return new double[] {box.x, box.y, box.width, box.height};
    }

    private static void fillsItsContainer(TestingChat chat) {
        Page page = chat.page();
        page.waitForCondition(() -> java.util.Arrays.equals(
                box(chat.dialog().boundingBox()), box(page.locator("#box").boundingBox())));
    }

    @Test
    void panelFollowsItsContainerThroughScrollingOfThePageAndOfARegion() {
        TestingChat chat = expanded();
        fillsItsContainer(chat);
        double top = chat.dialog().boundingBox().y;
        chat.page().evaluate("scrollTo(0, 70)");
        fillsItsContainer(chat);
        assertThat(chat.dialog().boundingBox().y).isEqualTo(top - 70);
        chat.page().locator("#region").evaluate("region => region.scrollTo(0, 40)");
        fillsItsContainer(chat);
        assertThat(chat.dialog().boundingBox().y).isEqualTo(top - 110);
    }

    @Test
    void panelFollowsItsContainerInSizeAndLeavesItWhenThatIsTooSmallToTalkIn() {
        TestingChat chat = expanded();
        for (int size : new int[] {620, 400, 330}) {
            chat.page()
                    .locator("#box")
                    .evaluate("(box, size) => { box.style.width = box.style.height = size + 'px'; }", size);
            fillsItsContainer(chat);
            assertThat(chat.dialog().boundingBox().width).isEqualTo(size);
        }
        chat.page().locator("#box").evaluate("box => { box.style.height = '100px'; }");
        chat.page().waitForCondition(() -> chat.dialog().boundingBox().width > 1_000);
        chat.page().locator("#box").evaluate("box => { box.style.height = '500px'; }");
        fillsItsContainer(chat);
    }

    @Test
    void panelFollowsItsContainerWhenTheWindowChangesAndWhatIsBeforeItGrows() {
        TestingChat chat = expanded();
        chat.page().locator("#box").evaluate("box => { box.style.width = '60vw'; }");
        fillsItsContainer(chat);
        chat.page().setViewportSize(1_000, 700);
        fillsItsContainer(chat);
        assertThat(chat.dialog().boundingBox().width).isEqualTo(600);
        double top = chat.dialog().boundingBox().y;
        chat.page()
                .locator("#inside")
                .evaluate(
                        "inside => inside.prepend(...Array.from('abc', text => Object.assign(document.createElement('p'), { textContent: text })))");
        fillsItsContainer(chat);
        assertThat(chat.dialog().boundingBox().y).isGreaterThan(top + 30);
    }
}
