package dev.keyrack.server;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what came over a socket, for requests that no HTTP client would send. */
final class RawAnswers {
    private RawAnswers() {}

    static List<Answer> parse(byte[] bytes) {
        List<Answer> answers = new ArrayList<>();
        // One byte is one character here, so that places in the text are places in the bytes.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        while (!text.isEmpty()) {
            int end = text.indexOf("\r\n\r\n");
            String[] lines = text.substring(0, end).split("\r\n");
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (String line : Arrays.copyOfRange(lines, 1, lines.length)) {
                int colon = line.indexOf(':');
                headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
            text = text.substring(end + 4);
            StringBuilder body = new StringBuilder();
            if (headers.containsKey("Transfer-Encoding")) {
                text = chunks(text, body);
            } else {
                int length = headers.containsKey("Content-Length")
                        ? Integer.parseInt(headers.get("Content-Length").getFirst())
                        : text.length();
                body.append(text, 0, length);
                text = text.substring(length);
            }
            answers.add(new Answer(
                    Integer.parseInt(lines[0].split(" ")[1]),
                    HttpHeaders.of(headers, (name, value) -> true),
                    body.toString().getBytes(StandardCharsets.ISO_8859_1)));
        }
        return answers;
    }

    private static String chunks(String text, StringBuilder body) {
        String rest = text;
        while (true) {
            int line = rest.indexOf("\r\n");
            int length = Integer.parseInt(rest.substring(0, line), 16);
            body.append(rest, line + 2, line + 2 + length);
            rest = rest.substring(line + 4 + length);
            if (length == 0) {
                return rest;
            }
        }
    }
}
