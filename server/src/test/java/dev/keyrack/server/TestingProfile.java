package dev.keyrack.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import java.util.HashMap;
import java.util.Map;

/** Where a page's main thread spends its time, sampled by Chromium (DevTools protocol, domain Profiler). */
final class TestingProfile {
    private static final int MICROS_BETWEEN_SAMPLES = 200;

    private final CDPSession session;

    TestingProfile(CDPSession session) {
        this.session = session;
        session.send("Profiler.enable");
        JsonObject interval = new JsonObject();
        interval.addProperty("interval", MICROS_BETWEEN_SAMPLES);
        session.send("Profiler.setSamplingInterval", interval);
    }

    void start() {
        session.send("Profiler.start");
    }

    /** Milliseconds since the start in functions of scripts whose address starts so, and in what they called. */
    double stop(String address) {
        JsonObject profile = session.send("Profiler.stop").getAsJsonObject("profile");
        Map<Integer, JsonObject> nodes = new HashMap<>();
        Map<Integer, Integer> callers = new HashMap<>();
        for (JsonElement each : profile.getAsJsonArray("nodes")) {
            JsonObject node = each.getAsJsonObject();
            int id = node.get("id").getAsInt();
            nodes.put(id, node);
            if (node.has("children")) {
                node.getAsJsonArray("children").forEach(child -> callers.put(child.getAsInt(), id));
            }
        }
        JsonArray samples = profile.getAsJsonArray("samples");
        JsonArray deltas = profile.getAsJsonArray("timeDeltas");
        long micros = 0;
        // A sample's delta is the time since the one before it: what that one was in lasted until now.
        for (int i = 1; i < samples.size(); i++) {
            if (within(address, samples.get(i - 1).getAsInt(), nodes, callers)) {
                micros += deltas.get(i).getAsLong();
            }
        }
        return micros / 1_000.0;
    }

    private static boolean within(
            String address, Integer sampled, Map<Integer, JsonObject> nodes, Map<Integer, Integer> callers) {
        for (Integer id = sampled; id != null; id = callers.get(id)) {
            String url = nodes.get(id).getAsJsonObject("callFrame").get("url").getAsString();
            if (url.startsWith(address)) {
                return true;
            }
        }
        return false;
    }
}
