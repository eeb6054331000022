package dev.keyrack.bench;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** An endpoint that is measured: what a request for a token looks like, and what a good token is answered. */
enum Endpoint {
    VERIFY("/v1/verify", 200),
    AUTHORIZE("/v1/authorize", 204);

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

    byte[] request(InetSocketAddress server, String token) {
        String host = "Host: 127.0.0.1:" + server.getPort() + "\r\n";
        String request = switch (this) {
            case VERIFY -> {
                String body = "{\"token\":\"" + token + "\"}";
                yield "POST " + path + " HTTP/1.1\r\n" + host + "Content-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body;
            }
            case AUTHORIZE -> "GET " + path + " HTTP/1.1\r\n" + host + "x-api-key: " + token + "\r\n\r\n";
        };
        return request.getBytes(StandardCharsets.US_ASCII);
    }
}
