package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.accounts.Passwords;
import dev.keyrack.server.accounts.Role;
import dev.keyrack.server.app.ControlFile;
import dev.keyrack.verifier.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody who is signed in to the portal, in a browser without scripts. */
final class TestingReader {
    static final String PASSWORD = "correct horse battery staple";
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final Pattern ONCE = Pattern.compile("name=\"once\" value=\"([^\"]+)\"");

    /** Hashing takes a moment, so it is done once. */
    private static final String HASH = new Passwords().hash(Secret.of(PASSWORD));

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;
    private final String cookie;
    private String language = "en";
    private String csrf = "";
    private String once = "";

    /** @param cookie what the browser sends as Cookie; empty for none */
    TestingReader(String url, String cookie) {
        this.url = url;
        this.cookie = cookie;
    }

    /** The owner of the first organization. */
    static TestingReader owner(TestingServer server) {
        return signedIn(server, "owner@example.com");
    }

    /** A new member of the first organization. */
    static TestingReader of(TestingServer server, Role role) {
        return of(server, role, server.organization);
    }

    static TestingReader of(TestingServer server, Role role, String organization) {
        String id = server.member(role, organization).get("/api/v1/me").at("/member/id");
        String email = server.rows().get("members").stream()
                .filter(row -> row.contains(id))
                .flatMap(List::stream)
                .map(String::valueOf)
                .filter(value -> value.contains("@"))
                .findFirst()
                .orElseThrow();
        return signedIn(server, email);
    }

    static TestingReader signedIn(TestingServer server, String email) {
        server.byHand("UPDATE members SET password = '" + HASH + "', email_folded = lower(email) WHERE email = '"
                + email + "'");
        return signedIn(ControlFile.read(server.data).orElseThrow().url(), email, PASSWORD);
    }

    /** Somebody with a password that they have already. */
    static TestingReader with(TestingServer server, String email, String password) {
        return signedIn(ControlFile.read(server.data).orElseThrow().url(), email, password);
    }

    /** Somebody with this password, who signs in at the control plane on this port. */
    static TestingReader at(int port, String email, String password) {
        return signedIn("http://127.0.0.1:" + port, email, password);
    }

    private static TestingReader signedIn(String url, String email, String password) {
        TestingReader visitor = visitor(url);
        visitor.open("/sign-in");
        Answer in = visitor.send("/sign-in", "email", email, "password", password);
        assertThat(in.status()).as(in.text()).isEqualTo(303);
        return new TestingReader(url, cookie(in, "keyrack"));
    }

    /** Somebody who is not signed in, with the cookie that ties forms to their browser. */
    static TestingReader visitor(String url) {
        return new TestingReader(url, cookie(new TestingReader(url, "").open("/sign-in"), "keyrack-visit"));
    }

    /** The same address, with these cookies and no others. */
    TestingReader with(String cookies) {
        return new TestingReader(url, cookies);
    }

    /** The same reader, whose browser asks for this language. */
    TestingReader speaking(String tag) {
        language = tag;
        return this;
    }

    /** What the forms of the page that was opened last send along. */
    String csrf() {
        return csrf;
    }

    /** What the browser sends as Cookie. */
    String cookie() {
        return cookie;
    }

    /** What a browser sends back of a cookie that was set. */
    static String cookie(Answer answer, String name) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(c -> c.startsWith(name + "="))
                .map(c -> c.replaceFirst(";.*", ""))
                .findFirst()
                .orElseThrow();
    }

    private static String found(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? found.group(1) : "";
    }

    /** Opens a page, and remembers what its forms send along. */
    Answer open(String address) {
        Answer page = answer(request(address).GET());
        remember(page);
        return page;
    }

    /** The page as it is sent to a browser, which unpacks it. */
    Answer packed(String address) {
        return answer(request(address)
                .setHeader("Accept", "*/*")
                .header("Accept-Encoding", "gzip")
                .GET());
    }

    private void remember(Answer page) {
        String token = found(CSRF, page.text());
        csrf = token.isEmpty() ? csrf : token;
        once = found(ONCE, page.text());
    }

    /** Sends a form of the page that was opened last, with these names and values. */
    Answer send(String address, String... fields) {
        List<String> all = new ArrayList<>(List.of(fields));
        all.addAll(List.of("csrf", csrf));
        if (!once.isEmpty()) {
            all.addAll(List.of("once", once));
        }
        return sendOnly(address, all.toArray(String[]::new));
    }

    /** Sends these fields and no others. */
    Answer sendOnly(String address, String... fields) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            body.append(i == 0 ? "" : "&")
                    .append(TestingClient.encoded(fields[i]))
                    .append('=')
                    .append(TestingClient.encoded(fields[i + 1]));
        }
        Answer answer = answer(request(address)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
        if (answer.text().contains("<html")) {
            remember(answer);
        }
        return answer;
    }

    /** Sends a form with one file in it, as a browser does. */
    Answer upload(String address, String field, byte[] file) {
        String boundary = "----" + UUID.randomUUID();
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + csrf + "\r\n--"
                        + boundary + "\r\nContent-Disposition: form-data; name=\"" + field
                        + "\"; filename=\"a file.png\"\r\nContent-Type: image/png\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] end = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
        return answer(request(address)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofByteArrays(List.of(head, file, end))));
    }

    private HttpRequest.Builder request(String address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + address))
                .header("Accept", "text/html")
                .header("Accept-Language", language);
        return cookie.isEmpty() ? request : request.header("Cookie", cookie);
    }

    private static Answer answer(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
