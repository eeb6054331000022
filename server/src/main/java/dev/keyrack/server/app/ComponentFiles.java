package dev.keyrack.server.app;

import dev.keyrack.server.http.ContentTag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.resource.EncodedResourceResolver;

/**
 * The scripts of the web component, as pages of other origins load them: precompressed, the loader for five minutes, its
 * parts, whose names change with what is in them, for good. The manifest has the {@code integrity} of each.
 */
final class ComponentFiles {
    private static final String LOADER = "/assistant/*.js";
    private static final String MANIFEST = "/assistant/*.json";
    private static final String PARTS = "/assistant/chunks/**";

    private ComponentFiles() {}

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
                        return true;
                    }
                })
                .addPathPatterns(LOADER, MANIFEST, PARTS);
    }
}
