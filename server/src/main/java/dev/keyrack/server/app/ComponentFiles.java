package dev.keyrack.server.app;

import dev.keyrack.server.http.ContentTag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.resource.EncodedResourceResolver;
import tools.jackson.databind.json.JsonMapper;

/**
 * The scripts of the web component, as pages of other origins load them: precompressed, the loader for five minutes, its
 * parts, whose names change with what is in them, for good. The manifest has the {@code integrity} of each.
 *
 * <p>A page that was opened before an upgrade, or loads from another process in the middle of one, asks for parts by names that
 * are not there: it is led to the part that has taken their place, which nobody keeps under the old name.
 */
final class ComponentFiles {
    private static final String LOADER = "/assistant/*.js";
    private static final String MANIFEST = "/assistant/*.json";
    private static final String PARTS = "/assistant/chunks/**";

    /** The file at the end of a path: what the part is, and a hash of what is in all of them. */
    private static final Pattern PART = Pattern.compile("(?<=/)([a-z]+)-[0-9A-Z]{8}\\.js$");

    private ComponentFiles() {}

    /** The parts of this build by what they are. */
    private static final class Current {
        static final Map<String, String> PARTS = read();

        private static Map<String, String> read() {
            try (InputStream manifest = new ClassPathResource("assistant/manifest.json").getInputStream()) {
                return JsonMapper.shared()
                        .readTree(manifest)
                        .at("/chunks")
                        .valueStream()
                        .map(chunk -> PART.matcher(chunk.at("/file").asString()))
                        .filter(Matcher::find)
                        .collect(Collectors.toMap(part -> part.group(1), Matcher::group));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static void serve(ResourceHandlerRegistry registry) {
        registry.addResourceHandler(LOADER, MANIFEST)
                .addResourceLocations("classpath:/assistant/")
                .setCacheControl(CacheControl.maxAge(Duration.ofMinutes(5)).cachePublic())
                .setEtagGenerator(ComponentFiles::tag)
                .resourceChain(true)
                .addResolver(new EncodedResourceResolver());
        registry.addResourceHandler(PARTS)
                .addResourceLocations("classpath:/assistant/chunks/")
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable())
                .resourceChain(true)
                .addResolver(new EncodedResourceResolver());
    }

    private static String tag(Resource file) {
        try {
            return ContentTag.quoted(file.getContentAsByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets every page load them, with {@code integrity} and under a policy that asks where they come from. */
    static void open(InterceptorRegistry registry) {
        registry.addInterceptor(new HandlerInterceptor() {
                    @Override
                    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
                        response.setHeader("Access-Control-Allow-Origin", "*");
                        response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
                        response.setHeader("Vary", "Accept-Encoding");
                        return true;
                    }
                })
                .addPathPatterns(LOADER, MANIFEST, PARTS);
        registry.addInterceptor(new HandlerInterceptor() {
                    @Override
                    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
                        Matcher wanted = PART.matcher(request.getRequestURI());
                        String part = wanted.find() ? Current.PARTS.get(wanted.group(1)) : null;
                        if (part == null || part.equals(wanted.group())) {
                            return true;
                        }
                        response.setStatus(HttpServletResponse.SC_FOUND);
                        response.setHeader("Location", "/assistant/chunks/" + part);
                        response.setHeader("Cache-Control", "no-store");
                        return false;
                    }
                })
                .addPathPatterns(PARTS);
    }
}
