package dev.keyrack.server.accounts;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The page behind a one-time link. The code stands behind the {@code #} of its address, where only the page sees it. */
@RestController
public final class RecoveryPage {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:;"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    @GetMapping(path = "/recover", produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<Resource> page() {
        return ResponseEntity.ok()
                .header("Content-Security-Policy", POLICY)
                .header("Referrer-Policy", "no-referrer")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(new ClassPathResource("recover/index.html"));
    }

    @GetMapping(path = "/recover/page.js", produces = "text/javascript")
    Resource script() {
        return new ClassPathResource("recover/page.js");
    }

    @GetMapping(path = "/recover/page.css", produces = "text/css")
    Resource style() {
        return new ClassPathResource("recover/page.css");
    }
}
