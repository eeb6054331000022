package dev.keyrack.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import dev.keyrack.server.browser.TestingBrowser;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Promise: whatever a page is for is done with Tab, Enter, Space and Escape alone, and one sees on the way where one is; no form is
 * left out.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeyboardActsInBrowserTest extends TestingDesk {
    /**
     * What is done on each page: Tab leads to what has this name, and then Enter is pressed, or Space ({@code _}), or a text is
     * typed ({@code =}). {@code #} is a dialog that opens and has the focus, {@code ^} Escape, which closes it and brings the
     * focus back to what opened it, and {@code ?} what is to be seen then. A page in braces is of something that is made for it, and
     * {@code customer} reads it as an Owner of another organization.
     */
    private static final String ACTS = """
            /settings/api-keys            | Create API Key;#;^;Create API Key;#;_Web;Name=By keyboard;Create API Key;?By keyboard is created;Back to the keys;?By keyboard
            /settings/api-keys            | _Select all;Disable;?Back to the keys;Back to the keys;?Disabled
            /settings/api-keys            | Copy the token of;?Copied
            {key}                         | Show the token of;Copy the token of;?Copied
            {key}                         | Disable;?The key is disabled;Enable;?The key is enabled
            {key}/edit                    | Name=Renamed by keyboard;Update API Key;?Renamed by keyboard
            {key}/restrictions            | Allowed websites=https://by-keyboard.example.com;Add;Save restrictions;?Saved, and in force everywhere
            {key}/restrictions            | Your page on this machine=http://localhost:3000;Start local development;?Local development works now;End it now;?Local development is over
            {key}/refusals                | Allow this website;?not saved yet;Save restrictions;?Saved, and in force everywhere
            {key}/component               | Save options;?Saved. Pages show it
            {key}/component               | Turn the page on;?The page is on;Turn the page off;?The page is off
            {key}/identity-keys           | Make an identity key;?Secret of;End idk_;?It has ended
            {key}/activity                | _Change;?Before
            {key}                         | Regenerate;#;^;Regenerate;#;Regenerate;?New token of
            {regenerated}                 | End it now;?The former token has stopped
            {key}                         | Delete;#;Yes, delete;?Off everywhere since
            /settings/api-credentials     | + Add API Credential;#;^;+ Add API Credential;#;Name=By keyboard;Create;?You will not see this again;_I have stored it;Back to the credentials;?By keyboard
            /settings/api-credentials     | Refresh;#;^;Edit;#;New name=Another name;Done;?has its new name
            /settings/api-credentials     | Disable;?The credential is disabled;Enable;?The credential is enabled
            /settings/api-credentials     | Refresh;#;Regenerate;?You will not see this again
            /settings/api-credentials     | Delete;#;Yes, delete;?Off everywhere since
            /projects                     | Create project;#;^;Create project;#;Name=Made by keyboard;Create project;?The project is created
            {project}                     | Edit;#;^;Edit;#;Name=Shop;Save;?The project is changed
            {project}/credentials         | Generate Credentials;?You will not see this again
            {project}/credentials         | The old app secret=Works for another hour;_YES I WANT TO RESET;Reset App Secret;?You will not see this again;End it now;?The former app secret stopped
            {project}/assistant           | Save;?Saved. The next message;Question=Hello?;Ask;?Took
            {project}/assistant/questions | Add question;#;Question=Where is it?;Answer=On its way.;Add question;?The question is added;Delete Where;#;^;Delete Where;#;Yes, delete;?The question is deleted
            {project}/assistant/questions | Edit Where;#;^;Edit Where;#;Answer=Under way.;Save;?Saved. It is answered
            {webhook}/assistant           | Regenerate;?You will not see this again;End it now;?The former signing secret signs nothing
            {project}/assistant/questions/import | CSV=question,answer;Import;?The questions are imported
            {project}/conversations       | A program;?Visitor
            /conversations                | Shop;?Conversations
            /members                      | Invite a member;#;^;Invite a member;#;E-mail=keyboard@example.com;_Owner;Create invitation;?is invited;_I have sent it;Back to the members;?keyboard@example.com
            /members                      | Recovery link;#;Create recovery link;?You will not see this again;_I have sent it;Back to the members;?Invite
            /members                      | Edit;#;^;Edit;#;Name=Known by keyboard;Save;?The member is changed
            /members                      | Delete the invitation;?The invitation is deleted
            /members                      | Remove;#;^;Remove;#;Remove;?The member is removed
            /audit                        | Verify the chain;?The chain is whole
            /account                      | Name=Jane;Save;?Saved.
            /account/api-token            | Regenerate;#;^;Regenerate;#;Regenerate;?You will not see this again;_I have stored it;Back to the API token;?Regenerate
            /account/api-token            | Delete;#;^;Delete;#;Yes, delete;?The token is deleted
            /account                      | Current password=correct horse battery staple;New password=four other grey boats;Change password;?The password is changed
            /account                      | Account of;Sign out;?You are signed out
            /account/sessions             | End the session of;?The session is ended
            /account/sessions             | End all others;?All other sessions are ended
            /account/confirm              | Password=correct horse battery staple;Go on;?API Keys
            /search?q=sh                  | Shop;?Project id
            /guide                        | _curl;Copy;?Copied
            /settings/organization        | Save;?Saved.
            /settings/organization        | Remove logo;?The logo is removed
            customer /settings/organization | Delete the organization;#;^;Delete the organization;#;Type “other” to confirm=other;Delete the organization;?Off everywhere since;To the sign-in page;?E-mail
            /settings/permissions         | Save;?The catalogue is saved
            /operator/organizations       | Create organization;#;^;Create organization;#;Name=Third;Subdomain=third;E-mail of its first Owner=third@example.com;Create organization;?Third is there;_I have stored;Back to the organizations;?Third
            /operator/organizations       | Suspend Other;#;^;Recovery link for an Owner of Other;#;Create recovery link;?You will not see this again
            /operator/organizations       | Suspend Other;#;Suspend;?Other is suspended;Resume Other;?Other is active again
            {suspended}                   | Resume Other;?Other is active again
            {deleted}                     | Restore Other;?Other is active again
            /operator/installation        | Skip to content;?Installation
            """;

    /** Forms that no row sends. Those before the door are of {@link DoorsInBrowserTest}. */
    private static final Set<String> NOT_HERE = Set.of(
            // A file is chosen in a window of the browser's own.
            "/settings/organization/logo",
            // By itself, for the preview.
            "/settings/api-keys/{id}/component/draft",
            // For whoever is a member of several organizations: SwitchTest.
            "/account/switch");

    /** What has the focus: whether it shows it, whether it is in the dialog that is open, its name, and whether it is a field. */
    private static final String FOCUSED = """
            (() => {
              const e = document.activeElement;
              if (e === null || e === document.body) return ['', '', '', ''];
              const style = getComputedStyle(e);
              const dialog = document.querySelector('dialog[open]');
              const name = e.ariaLabel ?? e.labels?.[0]?.innerText ?? (e.innerText || e.textContent);
              return [style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 ? 'seen' : 'unseen',
                dialog === null || dialog.contains(e) ? 'inside' : 'outside', name.replaceAll(/\\s+/g, ' ').trim(),
                e.matches('textarea,select,input:not([type=radio],[type=checkbox])') ? 'field' : ''];
            })()""";

    private static final int MOST_STOPS = 150;

    @RegisterExtension
    static final TestingBrowser BROWSER = new TestingBrowser();

    /** What was sent by forms: the paths. */
    private static final Set<String> SENT = ConcurrentHashMap.newKeySet();

    private static String project;
    private static Map<String, List<String>> pages;
    private static int done;

    record Row(String page, List<String> acts) {
        @Override
        public String toString() {
            return page + " " + acts.getFirst();
        }
    }

    @BeforeAll
    static void things() {
        project = "/projects/" + server.project;
        pages = TestingPortal.pages(server);
        People.join(server, server.owner, "developer@example.com", "developer");
        server.owner.post("/api/v1" + project + "/chat/conversations");
        server.make("server");
        server.owner.send(
                "PUT",
                "/api/v1/organizations/" + server.organization + "/logo",
                "image/png",
                TestingPicture.png(30, 10));
    }

    @AfterEach
    void otherOrganizationIsBack() {
        server.operator.post(other() + "/resume");
    }

    private static String other() {
        return "/api/v1/organizations/" + server.otherOrganization;
    }

    private static Stream<Row> rows() {
        return ACTS.lines()
                .map(line -> line.split("\\|"))
                .map(cells -> new Row(
                        cells[0].strip(),
                        Stream.of(cells[1].split(";")).map(String::strip).toList()));
    }

    private static String key() {
        TestingServer.Made key = server.make("web", ",'restrictions':{'websites':['https://shop.example.com']}");
        server.refused(
                key.id(),
                System.currentTimeMillis() * 1_000,
                "WEBSITE_NOT_ALLOWED",
                false,
                "https://other.example.com",
                3);
        server.owner.patch(key.path(), "{'name':'Renamed'}");
        return "/settings/api-keys/" + key.id();
    }

    /** Where a row begins, with something made for it. */
    private static String address(String page) {
        String thing = page.replaceAll("^[^{]*\\{|}.*", "");
        return switch (thing) {
            case "key" -> page.replace("{key}", key());
            case "project" -> page.replace("{project}", project);
            case "regenerated" -> {
                String key = key();
                server.owner.post(
                        key.replace("/settings/api-keys", "/api/v1/keys") + "/regenerate", "{'overlapSeconds':3600}");
                yield key;
            }
            case "webhook" -> {
                String made = "/projects/"
                        + server.owner
                                .post("/api/v1/projects", "{'name':'Hooks'}")
                                .at("/project/id");
                server.owner.patch(
                        "/api/v1" + made + "/assistant",
                        "{'backend':'webhook','webhook':{'url':'https://hook.example.com/'}}");
                yield page.replace("{webhook}", made);
            }
            case "suspended" -> {
                server.operator.post(other() + "/suspend");
                yield "/operator/organizations";
            }
            case "deleted" -> {
                server.operator.delete(other());
                yield "/operator/organizations";
            }
            default -> page;
        };
    }

    private static Page open(String reader, String path) {
        Page page = BROWSER.profile(TestingBrowser.options(TestingBrowser.DESKTOP, ColorScheme.LIGHT)
                        .setPermissions(List.of("clipboard-read", "clipboard-write")))
                .newPage();
        page.onRequest(request -> {
            if (request.method().equals("POST")) {
                SENT.add(URI.create(request.url()).getPath());
            }
        });
        String session = TestingReader.signedIn(server, reader).cookie();
        page.context()
                .addCookies(List.of(new Cookie("keyrack", session.substring(session.indexOf('=') + 1)).setUrl(url)));
        page.navigate(url + path);
        return page;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void pageIsUsedWithoutAMouse(Row row) {
        Page page = row.page.startsWith("customer ")
                ? open(TestingPortal.CUSTOMER, row.page.substring("customer ".length()))
                : open(TestingPortal.OWNER, address(row.page));
        String pressed = "";
        for (String act : row.acts) {
            Locator dialog = page.locator("dialog[open]");
            switch (act.charAt(0)) {
                case '#' -> {
                    assertThat(dialog).isVisible();
                    page.waitForCondition(() -> focused(page).get(1).equals("inside"));
                }
                case '^' -> {
                    page.keyboard().press("Escape");
                    assertThat(dialog).hasCount(0);
                    assertThat(focused(page).get(2))
                            .as("what has the focus after the dialog")
                            .startsWith(pressed);
                }
                case '?' ->
                    assertThat(page.getByText(act.substring(1))
                                    .locator("visible=true")
                                    .first())
                            .isVisible();
                case '_' -> {
                    lead(page, act.substring(1), false);
                    page.keyboard().press("Space");
                }
                default -> {
                    String[] typed = act.split("=", 2);
                    lead(page, typed[0], typed.length > 1);
                    if (typed.length == 1) {
                        pressed = act;
                        page.keyboard().press("Enter");
                    } else {
                        page.keyboard().press("Control+a");
                        page.keyboard().type(typed[1]);
                    }
                }
            }
        }
        done++;
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void noFormIsForgotten() {
        assumeThat(done).as("rows that were done").isEqualTo((int) rows().count());
        Set<String> left = new TreeSet<>();
        for (PortalRoute form : PortalRoute.forms()) {
            Pattern address = Pattern.compile(form.path().replaceAll("\\{[^}]*}", "[^/]+"));
            if (SENT.stream().noneMatch(path -> address.matcher(path).matches())) {
                left.add(form.path());
            }
        }
        left.removeAll(PortalRoute.OPEN_FORMS);
        assertThat(left).as("forms without a row").isSubsetOf(NOT_HERE);
    }

    @SuppressWarnings("unchecked")
    private static List<String> focused(Page page) {
        return (List<String>) page.evaluate(FOCUSED);
    }

    /** By Tab alone, and each stop on the way is seen. */
    private static void lead(Page page, String name, boolean field) {
        for (int stop = 0; stop < MOST_STOPS; stop++) {
            List<String> focused = focused(page);
            if (!focused.get(2).isEmpty()) {
                assertThat(focused.getFirst())
                        .as("the focus on " + focused.get(2))
                        .isEqualTo("seen");
            }
            if (focused.get(2).startsWith(name) && (!field || focused.get(3).equals("field"))) {
                return;
            }
            page.keyboard().press("Tab");
        }
        throw new AssertionError("Tab does not lead to " + name + " at " + page.url());
    }

    @Test
    void firstStopOfEveryPageLeadsPastTheNavigation() {
        pages.forEach((reader, paths) -> {
            Page page = open(reader, "/account");
            paths.forEach(path -> leadsPastTheNavigation(page, path));
        });
    }

    private static void leadsPastTheNavigation(Page page, String path) {
        page.navigate(url + path);
        lead(page, "Skip to content", false);
        assertThat(page.locator(".skip")).isInViewport();
        page.keyboard().press("Enter");
        assertThat(page.locator("main")).isFocused();
        // Some pages are only read.
        page.keyboard().press("Tab");
        assertThat(
                        page.evaluate(
                                "document.activeElement.closest('main') !== null"
                                        + " || document.querySelector('main :is(a, button, input, select, summary, [tabindex])') === null"))
                .as("the stop behind the way past the navigation at " + path)
                .isEqualTo(true);
    }
}
