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
 * take less than their budget. Whatever else the machine does makes a visit slower and none faster, so the fastest of some
 * counts here; {@code ./keyrack bench component} prints medians of more.
 */
@Tag("alone")
class ComponentScriptTimeTest {
    private static final int VISITS = Integer.getInteger("keyrack.script-time", 5);
    private static final double TARGET_MILLIS = 80;

    @RegisterExtension
    static final TestingStage STAGE = new TestingStage();

    /** Milliseconds of script until the button and a prompt stand there, and until the chat is open. */
    private record Visit(double drawn, double open) {}

    @Test
    void scriptsTakeLessThanTheirBudget() {
        TestingServer.Made key = STAGE.key("{'prompts':{'texts':['Need a hand?']},'introMessages':['Hello']}");
        List<Visit> visits = new ArrayList<>();
        for (int i = 0; i < VISITS; i++) {
            visits.add(visit(key));
        }
        assertThat(visits.stream().mapToDouble(Visit::open).min().orElseThrow())
                .as("milliseconds of script until the chat is open")
                .isLessThan(TARGET_MILLIS);
        if (System.getProperty("keyrack.script-time") != null) {
            print(visits);
        }
    }

    private static void print(List<Visit> visits) {
        double drawn = median(visits.stream().map(Visit::drawn).toList());
        double open = median(visits.stream().map(Visit::open).toList());
        System.out.printf(
                Locale.ROOT,
                "%nScript time of the web component, Chromium at a quarter of its speed, median of %d first visits%n%n"
                        + "  button and prompt drawn   %5.1f ms%n"
                        + "  chat open                 %5.1f ms  (target: below %.0f, %s)%n%n",
                VISITS,
                drawn,
                open,
                TARGET_MILLIS,
                open < TARGET_MILLIS ? "met" : "not met");
    }

    private static Visit visit(TestingServer.Made key) {
        Page page = STAGE.moving();
        CDPSession session = page.context().newCDPSession(page);
        JsonObject slow = new JsonObject();
        slow.addProperty("rate", 4);
        session.send("Emulation.setCPUThrottlingRate", slow);
        session.send("Performance.enable");
        TestingChat chat = STAGE.visit(page, key);
        page.getByText("Need a hand?").waitFor();
        double drawn = millis(session);
        chat.open();
        page.getByText("Hello").waitFor();
        double open = millis(session);
        page.close();
        return new Visit(drawn, open);
    }

    private static double millis(CDPSession session) {
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
