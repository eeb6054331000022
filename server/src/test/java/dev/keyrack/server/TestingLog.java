package dev.keyrack.server;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes the place of standard error: every line of the log, written as the program writes it. */
final class TestingLog implements AutoCloseable {
    private final Logger root;
    private final Appender<ILoggingEvent> console;
    private final Lines lines;

    private TestingLog(Logger root, Appender<ILoggingEvent> console, Lines lines) {
        this.root = root;
        this.console = console;
        this.lines = lines;
    }

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<String> all = new CopyOnWriteArrayList<>();
        private final Encoder<ILoggingEvent> encoder;

        Lines(Encoder<ILoggingEvent> encoder) {
            this.encoder = encoder;
        }

        @Override
        protected void append(ILoggingEvent event) {
            all.add(new String(encoder.encode(event), StandardCharsets.UTF_8));
        }
    }

    static TestingLog start() {
        // As the program's start does: logback.xml decides, not Spring Boot.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Appender<ILoggingEvent> console = root.iteratorForAppenders().next();
        Lines lines = new Lines(((OutputStreamAppender<ILoggingEvent>) console).getEncoder());
        lines.setContext(root.getLoggerContext());
        lines.start();
        root.detachAppender(console);
        root.addAppender(lines);
        return new TestingLog(root, console, lines);
    }

    String text() {
        return String.join("", lines.all);
    }

    /** The lines of one request. */
    List<JsonNode> of(String requestId) {
        return lines.all.stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .filter(line -> line.at("/mdc/requestId").asString("").equals(requestId))
                .toList();
    }

    @Override
    public void close() {
        root.detachAppender(lines);
        root.addAppender(console);
    }
}
