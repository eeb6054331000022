package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Promise: on a page that has no other scripts, in a browser of a quarter of this machine's speed, the component's scripts
 * stay within their budget. {@code ./keyrack bench component} prints the milliseconds.
 *
 * <p>Two budgets. One is 80 ms of Chromium's own ScriptDuration, by which chat components are usually compared, until the
 * chat is open, in the fastest of some visits. It leaves out the layout that scripts force and what runs after a promise: a
 * loop of 600 ms in the chat's opening does not show in it. So what a profile of the processor finds in functions of the
 * component's scripts and in whatever they call has a budget, too: beside a piece of work that is always the same, on the
 * same page right after them.
 *
 * <p>How slow a machine is, and what else it does, is not the component's doing: where that work takes longer than
 * {@link #REFERENCE_MILLIS}, the 80 ms are as many times longer.
 */
@Tag("alone")
class ComponentScriptTimeTest {
    private static final int VISITS = Integer.getInteger("keyrack.script-time", 5);
    private static final double TARGET_MILLIS = 80;

    /** What the reference takes on the slowest machine that was measured, in a quiet minute. On others it takes less. */
    private static final double REFERENCE_MILLIS = 190;

    /** How many times the reference the scripts may take. They take 1.6 to 2.4 times as long. */
    private static final double BUDGET = 3;

    /** What a page does all day: elements, texts, attributes, listeners, and data to and fro. Tells its milliseconds. */
    private static final String REFERENCE = """
            () => {
              const from = performance.now();
              const list = document.createElement('ul');
              for (let i = 0; i < 3000; i++) {
                const item = document.createElement('li');
                item.id = 'reference-' + i;
                item.textContent = 'Item ' + i;
                item.setAttribute('aria-label', item.textContent);
                item.addEventListener('click', () => item.remove());
                list.append(item);
              }
              const data = [...list.children].map(item => ({ id: item.id, text: item.textContent }));
              JSON.parse(JSON.stringify(data));
              return performance.now() - from;
            }
            """;

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    /**
     * Milliseconds of script until the button and a prompt stand there, until the chat is open, and of the reference.
     *
     * @param profiled what the profile found until the chat is open
     */
    private record Visit(double drawn, double open, double profiled, double reference) {
        double ratio() {
            return profiled / reference;
        }

        /** As on a machine that is not slower than the slowest of those that were measured. */
        double openThere() {
            return open / Math.max(1, reference / REFERENCE_MILLIS);
        }
    }

    @Test
    void scriptsTakeLessThanTheirBudget() {
        TestingServer.Made key = STAGE.key("{'prompts':{'texts':['Need a hand?']},'introMessages':['Hello']}");
        List<Visit> visits = new ArrayList<>();
        for (int i = 0; i < VISITS; i++) {
            visits.add(visit(key));
        }
        if (System.getProperty("keyrack.script-time") != null) {
            print(visits);
        }
        assertThat(visits.stream().mapToDouble(Visit::openThere).min().orElseThrow())
                .as("milliseconds of ScriptDuration until the chat is open: %s", visits)
                .isLessThan(TARGET_MILLIS);
        assertThat(median(visits.stream().map(Visit::ratio).toList()))
                .as("times the reference, until the chat is open: %s", visits)
                .isLessThan(BUDGET);
    }

    private static void print(List<Visit> visits) {
        double drawn = median(visits.stream().map(Visit::drawn).toList());
        double open = median(visits.stream().map(Visit::open).toList());
        System.out.printf(
                Locale.ROOT,
                "%nThe web component in Chromium at a quarter of its speed, profiled, median of %d first visits%n%n"
                        + "  ScriptDuration, button and prompt drawn   %5.1f ms%n"
                        + "  ScriptDuration, chat open                 %5.1f ms  (target: below %.0f, %s)%n"
                        + "  its functions and what they call          %5.1f ms%n"
                        + "  these beside the reference                %5.2f     (the test's bound: %.1f)%n%n",
                VISITS,
                drawn,
                open,
                TARGET_MILLIS,
                open < TARGET_MILLIS ? "met" : "not met",
                median(visits.stream().map(Visit::profiled).toList()),
                median(visits.stream().map(Visit::ratio).toList()),
                BUDGET);
    }

    private static Visit visit(TestingServer.Made key) {
        Page page = STAGE.moving();
        CDPSession session = page.context().newCDPSession(page);
        JsonObject slow = new JsonObject();
        slow.addProperty("rate", 4);
        session.send("Emulation.setCPUThrottlingRate", slow);
        session.send("Performance.enable");
        TestingProfile profile = new TestingProfile(session);
        profile.start();
        TestingChat chat = STAGE.visit(page, key);
        page.getByText("Need a hand?").waitFor();
        double drawn = scriptDuration(session);
        chat.open();
        page.getByText("Hello").waitFor();
        double open = scriptDuration(session);
        double profiled = profile.stop(STAGE.url + "/assistant/");
        double reference = ((Number) page.evaluate(REFERENCE)).doubleValue();
        page.close();
        return new Visit(drawn, open, profiled, reference);
    }

    private static double scriptDuration(CDPSession session) {
        for (var metric : session.send("Performance.getMetrics").getAsJsonArray("metrics")) {
            if (metric.getAsJsonObject().get("name").getAsString().equals("ScriptDuration")) {
                return metric.getAsJsonObject().get("value").getAsDouble() * 1_000;
            }
        }
        throw new IllegalStateException("Chromium does not tell how long scripts ran");
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
