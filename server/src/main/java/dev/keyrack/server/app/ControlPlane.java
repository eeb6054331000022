package dev.keyrack.server.app;

import dev.keyrack.gate.Refusals;
import dev.keyrack.server.accounts.Welcome;
import dev.keyrack.server.conversations.Answerer;
import dev.keyrack.server.feed.Nodes;
import dev.keyrack.server.store.CannotStart;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Keyset;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.Secret;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;

/** The control plane's HTTP server: Spring MVC on Tomcat, wired in {@link Wiring}. */
final class ControlPlane implements AutoCloseable {
    private final ServletWebServerApplicationContext context;
    private final Parts parts;

    /**
     * What the control plane is made of, and what outlives it.
     *
     * @param refusals what this process's own gate counts into
     * @param answerer what answers visitors in place of their assistants
     * @param ready whether both planes answer
     * @param gatePort where this process's own gate listens
     */
    record Parts(
            Settings settings,
            String version,
            Store store,
            Keyset keyset,
            AuditUpkeep audit,
            Ids ids,
            Secret operator,
            Nodes nodes,
            Following following,
            Refusals refusals,
            @Nullable Answerer answerer,
            PrometheusMeterRegistry metrics,
            BooleanSupplier ready,
            IntSupplier gatePort) {}

    private ControlPlane(ServletWebServerApplicationContext context, Parts parts) {
        this.context = context;
        this.parts = parts;
    }

    static ControlPlane start(Parts parts) {
        Settings settings = parts.settings();
        ApplicationContextInitializer<GenericApplicationContext> given =
                context -> context.registerBean(Parts.class, () -> parts);
        try {
            var context = new SpringApplicationBuilder(Wiring.class)
                    .web(WebApplicationType.SERVLET)
                    .bannerMode(Banner.Mode.OFF)
                    .logStartupInfo(false)
                    .registerShutdownHook(false)
                    .initializers(given)
                    .properties(Map.ofEntries(
                            Map.entry("server.address", settings.host()),
                            Map.entry("server.port", settings.port()),
                            Map.entry("server.shutdown", "graceful"),
                            Map.entry("spring.lifecycle.timeout-per-shutdown-phase", "10s"),
                            Map.entry("server.max-http-request-header-size", "16KB"),
                            Map.entry("server.tomcat.connection-timeout", "20s"),
                            // What is too large is read to its end all the same, so that its sender sees the answer.
                            Map.entry("server.tomcat.max-swallow-size", "16MB"),
                            // Pages and their files. The one secret on a page that others' words stand beside, the
                            // token
                            // of its forms, is masked anew each time.
                            Map.entry("server.compression.enabled", "true"),
                            Map.entry("server.compression.min-response-size", "1KB"),
                            Map.entry(
                                    "server.compression.mime-types",
                                    "text/html,text/css,text/javascript,image/svg+xml"),
                            Map.entry("server.error.whitelabel.enabled", "false"),
                            Map.entry("spring.threads.virtual.enabled", "true"),
                            Map.entry("spring.web.resources.add-mappings", "false"),
                            Map.entry("spring.config.location", "optional:classpath:/keyrack-has-no-other-settings/"),
                            Map.entry("spring.jmx.enabled", "false"),
                            Map.entry("spring.jackson.mapper.sort-properties-alphabetically", "false")))
                    .run();
            return new ControlPlane((ServletWebServerApplicationContext) context, parts);
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof PortInUseException) {
                    throw new CannotStart(
                            "Port " + settings.port()
                                    + " is in use by another program. Stop that one, or choose another"
                                    + " port in KEYRACK_PORT.",
                            e);
                }
            }
            throw e;
        }
    }

    int port() {
        return java.util.Objects.requireNonNull(context.getWebServer()).getPort();
    }

    String version() {
        return parts.version();
    }

    /** A new one-time link for the first Owner, in place of the one before; nothing where somebody is set up already. */
    Optional<Secret> welcome() {
        return context.getBean(Welcome.class).link();
    }

    @Override
    public void close() {
        context.close();
    }
}
