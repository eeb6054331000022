package dev.keyrack.server;

import static dev.keyrack.server.TestingVisitor.fresh;
import static dev.keyrack.server.TestingVisitor.names;
import static dev.keyrack.server.TestingVisitor.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.TestingVisitor.Event;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Promise: nobody who reads slowly holds up a reply, and nobody is left waiting when the process ends. */
class ReplyStreamTest {
    private final TestingAnswerer answerer = new TestingAnswerer();

    @Test
    void replyIsMadeAndResumedBesideAReaderThatDoesNotRead() throws Exception {
        try (TestingServer server = TestingServer.startAnswering(answerer)) {
            TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
            String id = guest.start();
            try (Socket slow = new Socket()) {
                slow.setReceiveBufferSize(1_024);
                slow.connect(new java.net.InetSocketAddress("127.0.0.1", server.running.port()));
                String body = "{\"text\":\"wait\"}";
                slow.getOutputStream()
                        .write(("POST " + path(id) + "/messages HTTP/1.1\r\nHost: x\r\nOrigin: " + guest.origin
                                        + "\r\nAuthorization: Bearer " + guest.access
                                        + "\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: "
                                        + body.length() + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(slow.getInputStream().read()).isEqualTo('H');
                for (int i = 0; i < 60; i++) {
                    answerer.pieces.add("x".repeat(1_000));
                }
                answerer.pieces.add(TestingAnswerer.END);
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (!guest.client().get(path(id)).at("/messages/1/state").equals("complete")) {
                    assertThat(System.nanoTime()).isLessThan(deadline);
                    Thread.sleep(20);
                }
                String reply = guest.client().get(path(id)).at("/messages/1/id");
                try (TestingVisitor.Stream other = guest.resume(id, reply + ":0")) {
                    List<Event> rest = other.rest();
                    assertThat(rest).hasSize(61);
                    assertThat(rest.getLast().data().at("/message/text").asString())
                            .hasSize(60_000);
                }
            }
        }
    }

    @Test
    void streamsEndWhenTheProcessDoesAndItsReplyHasFailed() {
        List<Event> events = new ArrayList<>();
        CompletableFuture<Void> closed;
        TestingServer server = TestingServer.startAnswering(answerer);
        try {
            TestingVisitor guest = TestingVisitor.of(server, server.make("web").token());
            String id = guest.start();
            try (TestingVisitor.Stream stream = guest.stream(id, "wait", fresh())) {
                events.add(stream.next().orElseThrow());
                answerer.pieces.add("Half");
                events.add(stream.next().orElseThrow());
                closed = CompletableFuture.runAsync(server.running::close);
                events.addAll(stream.rest());
            }
            closed.join();
            assertThat(names(events)).containsExactly("accepted", "text", "ended");
            assertThat(events.getLast().data().at("/code").asString()).isEqualTo("SHUTTING_DOWN");
            assertThat(server.rows().get("messages").toString())
                    .contains("failed", "Half")
                    .doesNotContain("streaming");
        } finally {
            server.close();
        }
    }
}
