package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.keyrack.server.browser.TestingBrowser;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Promise: whoever has only a keyboard reaches everything, sees where they are, and can turn the shortcuts off. */
class KeyboardInBrowserTest extends TestingDesk {
    /** What may have the focus, and is shown. */
    private static final String REACHABLE = """
            [...document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex]')]
              .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true})
                && !(e.type === 'radio' && !e.checked && e.name !== ''))
              .length""";

    private static final String FOCUSED = """
            (() => {
              const e = document.activeElement;
              if (e === null || e === document.body) return '';
              e.dataset.walked ??= String(document.querySelectorAll('[data-walked]').length);
              let inner = e;
              for (let next = e; next; next = inner.contentDocument?.activeElement ?? inner.shadowRoot?.activeElement) {
                inner = next;
              }
              const style = getComputedStyle(inner);
              const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
              return `${e.dataset.walked} ${seen ? 'seen' : 'unseen'} ${inner.outerHTML.slice(0, 120)}`;
            })()""";

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    private static Map<String, List<String>> pages;

    @BeforeAll
    static void pages() {
        pages = TestingPortal.pages(server, "/nothing");
    }

    private static Page signedIn() {
        return signedIn(TestingPortal.OWNER);
    }

    private static Page signedIn(String reader) {
        Page page = BROWSER.page();
        page.navigate(url + "/sign-in");
        page.getByLabel("E-mail").fill(reader);
        page.getByLabel("Password").fill(TestingReader.PASSWORD);
        page.keyboard().press("Enter");
        assertThat(page).hasURL(url + "/settings/api-keys");
        return page;
    }

    @Test
    void tabLeadsThroughEachPageAndTheFocusIsSeen() {
        pages.forEach((reader, paths) -> {
            Page page = signedIn(reader);
            paths.forEach(path -> walk(page, path));
        });
    }

    private static void walk(Page page, String path) {
        page.navigate(url + path);
        assertThat(page.locator("main")).isVisible();
        int reachable = ((Number) page.evaluate(REACHABLE)).intValue();
        Set<String> walked = new LinkedHashSet<>();
        // A field for a date has several places of its own.
        for (int press = 0; press < reachable + 60; press++) {
            page.keyboard().press("Tab");
            String focused = (String) page.evaluate(FOCUSED);
            if (walked.size() > 1 && focused.startsWith("0 ")) {
                break;
            }
            // Behind the last comes the page itself, and then the first: some pages begin in the middle.
            if (focused.isEmpty()) {
                continue;
            }
            assertThat(focused).as(path).contains(" seen ");
            walked.add(focused);
        }
        assertThat(walked).as("places that Tab leads to at " + path).hasSizeGreaterThanOrEqualTo(reachable);
    }

    @Test
    void projectAmongManyIsChosenFromWhatItsNameBeginsWith() {
        for (int i = 0; i < 52; i++) {
            server.owner.post("/api/v1/projects", "{'name':'Stall " + i + "'}");
        }
        String wanted = server.owner
                .get("/api/v1/projects?search=Stall+31")
                .items("/id")
                .getFirst();
        Page page = signedIn();
        page.navigate(url + "/settings/api-keys/new");
        page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).fill("In one of many");
        Locator project = page.getByRole(
                AriaRole.COMBOBOX,
                new Page.GetByRoleOptions().setName("Project").setExact(true));
        project.pressSequentially("stall 31");
        assertThat(page.locator("[role=listbox] [role=option]")).hasCount(1);
        TestingBrowser.axe(page);
        project.press("ArrowDown");
        project.press("Enter");
        assertThat(project).hasValue("Stall 31 (" + wanted + ")");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Create API Key"))
                .click();
        assertThat(page.locator("#token")).isVisible();
        server.minted.add(page.locator("#token").textContent());
        assertThat(server.owner
                        .get("/api/v1/keys?search=In+one+of+many&projectId=" + wanted)
                        .items("/id"))
                .hasSize(1);
        page.navigate(url + "/settings/api-keys");
        Locator filter = page.getByRole(
                AriaRole.COMBOBOX,
                new Page.GetByRoleOptions().setName("Project").setExact(true));
        filter.pressSequentially("stall 31");
        assertThat(page.locator("[role=listbox] [role=option]")).hasCount(1);
        filter.press("ArrowDown");
        filter.press("Enter");
        assertThat(filter).hasValue("Stall 31 (" + wanted + ")");
        assertThat(page.getByRole(AriaRole.ROWHEADER)).hasCount(1);
        assertThat(page.getByRole(AriaRole.ROWHEADER)).containsText("In one of many");
    }

    @Test
    void shortcutsAreTurnedOffUnderMyAccount() {
        Page page = signedIn();
        page.navigate(url + "/account");
        Locator search = page.getByRole(AriaRole.COMBOBOX, new Page.GetByRoleOptions().setName("Search keys"));
        assertThat(search).isVisible();
        Locator box = page.getByLabel("Keyboard shortcuts");
        assertThat(box).isChecked();
        box.uncheck();
        page.keyboard().press("/");
        assertThat(box).isFocused();
        page.reload();
        assertThat(box).not().isChecked();
        box.check();
        page.keyboard().press("/");
        assertThat(search).isFocused();
    }
}
