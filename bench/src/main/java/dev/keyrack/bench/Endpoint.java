package dev.keyrack.bench;

import dev.keyrack.gate.ClientAddress;
import dev.keyrack.verifier.Question;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An endpoint that is measured: what a request for a token looks like, and what a good token is answered. */
enum Endpoint {
    VERIFY("/v1/verify", 200),
    AUTHORIZE("/v1/authorize", 204);

    /** Where the gate that is measured reads the visitor's address. */
    static final ClientAddress CLIENT_ADDRESS = new ClientAddress("X-Forwarded-For", 1);

    private final String path;
    private final int status;

    Endpoint(String path, int status) {
        this.path = path;
        this.status = status;
    }

    String path() {
        return path;
    }

    int status() {
        return status;
    }

    /** How tables and files call it. */
    String text() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** A question as it is asked here; what it does not tell is not in the request. */
    byte[] request(InetSocketAddress server, Question question) {
        String token = question.token();
        String host = "Host: 127.0.0.1:" + server.getPort() + "\r\n";
        String request = switch (this) {
            case VERIFY -> {
                String body = "{\"token\":\"" + token + "\"" + member("origin", question.origin())
                        + member("ip", question.ip()) + member("permission", question.permission()) + "}";
                yield "POST " + path + " HTTP/1.1\r\n" + host + "Content-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body;
            }
            case AUTHORIZE ->
                "GET " + path + (question.permission() == null ? "" : "?permission=" + question.permission())
                        + " HTTP/1.1\r\n" + host + "x-api-key: " + token + "\r\n" + header("Origin", question.origin())
                        + header(CLIENT_ADDRESS.header(), question.ip()) + "\r\n";
        };
        return request.getBytes(StandardCharsets.US_ASCII);
    }

    private static String member(String name, @Nullable String value) {
        return value == null ? "" : ",\"" + name + "\":\"" + value + "\"";
    }

    private static String header(String name, @Nullable String value) {
        return value == null ? "" : name + ": " + value + "\r\n";
    }
}
