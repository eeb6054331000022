package dev.keyrack.server;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer of the server, already held to the contract. */
record Answer(int status, HttpHeaders headers, byte[] body) {
    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode json() {
        return JsonMapper.shared().readTree(body);
    }

    /** The text at this JSON pointer. */
    String at(String pointer) {
        return json().at(pointer).asString();
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    String requestId() {
        return header("X-Request-Id");
    }

    /** Of a problem. */
    String code() {
        return at("/code");
    }

    /** Of a problem: where the request does not fit. */
    List<String> pointers() {
        List<String> pointers = new ArrayList<>();
        json().path("errors").forEach(e -> pointers.add(e.path("pointer").asString()));
        return pointers;
    }

    /** The texts at a pointer in each item of a page. */
    List<String> items(String pointer) {
        List<String> texts = new ArrayList<>();
        json().path("items").forEach(i -> texts.add(i.at(pointer).asString()));
        return texts;
    }
}
