package dev.keyrack.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What the server beneath the gate costs by itself: reads the same bytes, and writes an answer of the gate again without
 * having asked anything.
 *
 * <p>The gate's answers come from files, so that status, header fields and content are the gate's by construction.
 */
@Command(name = NoOpServer.NAME, hidden = true, description = "Answers without verifying; what verify compares with.")
final class NoOpServer implements Callable<Integer> {
    static final String NAME = "no-op-process";

    @Option(names = "--answers", required = true)
    private Path answers = Path.of("");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Loop loop = new Loop(
                new Ready(Answer.read(answers.resolve(Endpoint.VERIFY.text()))),
                new Ready(Answer.read(answers.resolve(Endpoint.AUTHORIZE.text()))));
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            vertx.deployVerticle(loop).await();
            ServerProcess.listening(spec.commandLine().getOut(), loop.port());
        } finally {
            vertx.close().await();
        }
        return 0;
    }

    /** Made ready so that giving it costs no more than it must. */
    private static final class Ready {
        private final int status;
        private final CharSequence[] names;
        private final CharSequence[] values;
        private final Buffer content;

        Ready(Answer answer) {
            this.status = answer.status();
            // The server states the length by itself.
            List<Answer.Field> fields = answer.fields().stream()
                    .filter(field -> !field.name().equalsIgnoreCase("content-length"))
                    .toList();
            this.names = fields.stream()
                    .map(field -> HttpHeaders.createOptimized(field.name()))
                    .toArray(CharSequence[]::new);
            this.values = fields.stream()
                    .map(field -> HttpHeaders.createOptimized(field.value()))
                    .toArray(CharSequence[]::new);
            this.content = Buffer.buffer(answer.content().getBytes(StandardCharsets.UTF_8));
        }

        void give(HttpServerResponse response) {
            response.setStatusCode(status);
            for (int i = 0; i < names.length; i++) {
                response.putHeader(names[i], values[i]);
            }
            if (content.length() == 0) {
                response.end();
            } else {
                response.end(content);
            }
        }
    }

    /** One event loop, as the gate has on one core, with the options of the gate's server. */
    private static final class Loop extends VerticleBase {
        private final Ready verify;
        private final Ready authorize;
        private volatile int port;

        Loop(Ready verify, Ready authorize) {
            this.verify = verify;
            this.authorize = authorize;
        }

        int port() {
            return port;
        }

        @Override
        public Future<?> start() {
            HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                            .setHttp2ClearTextEnabled(false)
                            .setAlpnVersions(List.of(HttpVersion.HTTP_1_1))
                            .setMaxInitialLineLength(4 * 1024)
                            .setMaxHeaderSize(16 * 1024)
                            .setHandle100ContinueAutomatically(false)
                            .setAcceptBacklog(1024)
                            .setTcpNoDelay(true))
                    .requestHandler(this::answer);
            return server.listen(0, "127.0.0.1").onSuccess(listening -> port = listening.actualPort());
        }

        private void answer(HttpServerRequest request) {
            if (Endpoint.AUTHORIZE.path().equals(request.path())) {
                authorize.give(request.response());
                return;
            }
            new Body(request, verify);
        }
    }

    /** Takes in a whole body, and does not look at it. */
    private static final class Body {
        private Buffer taken = Buffer.buffer();

        Body(HttpServerRequest request, Ready answer) {
            request.handler(chunk -> taken = taken.length() == 0 ? chunk : taken.appendBuffer(chunk));
            request.endHandler(end -> answer.give(request.response()));
        }
    }
}
