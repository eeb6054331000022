package dev.keyrack.server.cli;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Asks a gate a little of everything, so that the ahead-of-time cache holds what its first requests need. Over a bare
 * socket: what a client of HTTP needs is of no use to a gate.
 */
final class GateWarmth {
    private static final String QUESTION = "{\"token\":\"not a token\"}";

    private GateWarmth() {}

    static void exercise(String host, int port) throws IOException {
        for (String request : List.of(
                "GET /health/ready HTTP/1.1\r\n",
                "GET /metrics HTTP/1.1\r\n",
                "GET /v1/authorize HTTP/1.1\r\nx-api-key: not a token\r\n",
                "POST /v1/verify HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: " + QUESTION.length()
                        + "\r\n")) {
            try (Socket socket = new Socket(host, port)) {
                String body = request.startsWith("POST") ? QUESTION : "";
                socket.getOutputStream()
                        .write((request + "Host: localhost\r\nConnection: close\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().readAllBytes();
            }
        }
    }
}
