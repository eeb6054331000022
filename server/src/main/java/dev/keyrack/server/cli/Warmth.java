package dev.keyrack.server.cli;

import tools.jackson.databind.node.ObjectNode;

/** Asks a process a little of everything, so that the ahead-of-time cache holds what the first requests need. */
final class Warmth {
    private Warmth() {}

    static void exercise(Launcher.Target target) {
        try (ApiClient api = new ApiClient(target, null)) {
            api.get("/health/ready");
            ObjectNode question = ApiClient.JSON.createObjectNode();
            question.put("token", "not a token");
            api.verify(question);
            try {
                api.get("/api/v1/me");
                api.get("/api/v1/keys");
            } catch (CommandLineProblem e) {
                // An empty store has no organization to list keys of; the way there was what we wanted.
            }
        }
    }
}
