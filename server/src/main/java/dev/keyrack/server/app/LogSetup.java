package dev.keyrack.server.app;

import java.io.Console;
import java.util.List;
import java.util.Map;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Where log lines go: to standard error, as text for a person at a terminal, as one JSON object a line for everything
 * else. Other commands log errors alone. {@code KEYRACK_LOG=text} or {@code json} decides it. With
 * {@code -Dkeyrack.log.level=DEBUG} the traces of failures that are none of the program's own are there, too.
 */
final class LogSetup {
    /** What {@code KEYRACK_LOG} may be. */
    static final List<String> FORMS = List.of("json", "text");

    private static final String LEVEL = "keyrack.log.level";

    private LogSetup() {}

    @SuppressWarnings("SystemConsoleNull") // it is null when standard input is no terminal
    static void apply(String[] arguments, Map<String, String> environment) {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        String form = environment.getOrDefault("KEYRACK_LOG", terminal ? "text" : "json");
        System.setProperty("keyrack.log.form", form.equals("text") ? "text" : "json");
        boolean serves = arguments.length > 0 && (arguments[0].equals("serve") || arguments[0].equals("gate"));
        System.setProperty(LEVEL, System.getProperty(LEVEL, serves ? "INFO" : "ERROR"));
        // Logback is set up by logback.xml, not by Spring Boot.
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }
}
