package dev.keyrack.server.app;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;

/** The contract at {@code /api}, rendered by Swagger UI, which is served from here and from nowhere else. */
@RestController
final class DocumentationPage {
    /** Swagger UI draws its icons from data; all else comes from here only. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    static void serve(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/api/assets/**")
                .addResourceLocations("classpath:/META-INF/resources/webjars/swagger-ui/" + swaggerVersion() + "/")
                .setCachePeriod(86_400);
    }

    /** The version that stands in the web jar's own properties, so that raising it takes one change. */
    private static String swaggerVersion() {
        var properties = new java.util.Properties();
        try (var in = new ClassPathResource("META-INF/maven/org.webjars/swagger-ui/pom.properties").getInputStream()) {
            properties.load(in);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException("Swagger UI is not on the class path", e);
        }
        return properties.getProperty("version");
    }

    @GetMapping(path = "/api", produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<Resource> page() {
        return ResponseEntity.ok()
                .header("Content-Security-Policy", POLICY)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .body(new ClassPathResource("api/index.html"));
    }

    @GetMapping(path = "/api/page.js", produces = "text/javascript")
    Resource script() {
        return new ClassPathResource("api/page.js");
    }

    @GetMapping(path = "/api/page.css", produces = "text/css")
    Resource style() {
        return new ClassPathResource("api/page.css");
    }

    @GetMapping(path = "/api/openapi.yaml", produces = "application/yaml")
    Resource contract() {
        return new ClassPathResource("contract/openapi.yaml");
    }
}
