package dev.keyrack.chaos;

import tools.jackson.databind.JsonNode;

/** @param status 0 when there was no answer */
record Answered(int status, JsonNode json) {
    String text(String pointer) {
        return json.at(pointer).asString("");
    }

    /** A failure of the server leaves it open whether the change happened. */
    Outcome outcome() {
        if (status >= 200 && status < 300) {
            return Outcome.OK;
        }
        return status >= 400 && status < 500 ? Outcome.REFUSED : Outcome.UNKNOWN;
    }
}
