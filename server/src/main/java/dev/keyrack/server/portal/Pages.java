package dev.keyrack.server.portal;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemBody;
import dev.keyrack.server.texts.Texts;
import dev.keyrack.verifier.Secret;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Makes pages out of templates, and guards their forms. */
public final class Pages {
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types keyrack";

    private static final String VISITORS_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors ";

    private final TemplateEngine templates = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Pages.class.getClassLoader(), "dev.keyrack.server.pages");
    private final Assets assets = new Assets();
    private final Cookies cookies;
    private final RandomGenerator random;
    private final Csrf csrf;
    private final String version;
    private final Supplier<Brand> brand;

    /**
     * @param random a cryptographically strong source
     * @param brand how the pages look to whoever is not signed in
     */
    public Pages(Cookies cookies, RandomGenerator random, String version, Supplier<Brand> brand) {
        this.cookies = cookies;
        this.random = random;
        this.csrf = new Csrf(random);
        this.version = version;
        this.brand = brand;
    }

    /** A page with this model. */
    public ResponseEntity<byte[]> show(HttpServletRequest request, String template, Object model) {
        return show(request, HttpStatus.OK, template, model);
    }

    /**
     * A page with this model and status.
     *
     * @param template its path below {@code src/main/jte}, without its ending; it has the parameters {@code view} and
     *     {@code model}
     */
    public ResponseEntity<byte[]> show(HttpServletRequest request, HttpStatus status, String template, Object model) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(status)
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .header("Content-Security-Policy", POLICY)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
        Secret cookie = tie(request).orElse(null);
        if (cookie == null) {
            byte[] visit = new byte[24];
            random.nextBytes(visit);
            cookie = Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(visit));
            answer.header(HttpHeaders.SET_COOKIE, cookies.set(Cookies.Kind.VISIT, cookie));
        }
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("view", view(request, cookie));
        parameters.put("model", model);
        Utf8ByteOutput html = new Utf8ByteOutput();
        templates.render(template + ".jte", parameters, html);
        return answer.body(html.toByteArray());
    }

    /**
     * A page for visitors of the web component: it sets no cookie, has no form, and runs what it runs under the strictest
     * policy that the component asks of any page.
     *
     * @param ancestors who may show it in a frame, as {@code frame-ancestors} says it
     */
    public ResponseEntity<byte[]> forVisitors(
            HttpServletRequest request, String template, Object model, String ancestors) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put(
                "view",
                new View(
                        texts(request),
                        assets,
                        null,
                        "",
                        request.getRequestURI(),
                        null,
                        version,
                        "",
                        () -> Brand.PRODUCT));
        parameters.put("model", model);
        Utf8ByteOutput html = new Utf8ByteOutput();
        templates.render(template + ".jte", parameters, html);
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .header("Content-Security-Policy", VISITORS_POLICY + ancestors)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (ancestors.equals("'self'")) {
            answer.header("X-Frame-Options", "SAMEORIGIN");
        }
        return answer.body(html.toByteArray());
    }

    /** The page of a form again, with the status of what does not fit of it. */
    public ResponseEntity<byte[]> again(HttpServletRequest request, Problem wrong, String template, Object model) {
        return show(request, status(wrong), template, model);
    }

    private View view(HttpServletRequest request, Secret cookie) {
        return new View(
                texts(request),
                assets,
                request.getAttribute(Reader.ATTRIBUTE) instanceof Reader reader ? reader : null,
                csrf.token(cookie),
                request.getRequestURI(),
                done(request),
                version,
                from(request),
                brand);
    }

    /** What another site's link says was done, was not. */
    private static @Nullable String done(HttpServletRequest request) {
        return "cross-site".equals(request.getHeader("Sec-Fetch-Site")) ? null : parameter(request, "done");
    }

    /** A form that could not be read, because it is too large, has no parameters. */
    private static @Nullable String parameter(HttpServletRequest request, String name) {
        try {
            return request.getParameter(name);
        } catch (IllegalStateException e) {
            return null;
        }
    }

    /** The field in which a form says what {@link View#from} says. */
    static final String FROM = "from";

    /** Where somebody is: the address of the page, or that of the page whose form was sent. */
    public static String from(HttpServletRequest request) {
        String query = request.getQueryString();
        return request.getMethod().equals("POST")
                ? LocalAddress.of(parameter(request, FROM), "/")
                : request.getRequestURI() + (query == null ? "" : "?" + query);
    }

    /** The status of a page that shows a form again, with what was wrong with it. */
    public static HttpStatus status(Problem problem) {
        return HttpStatus.valueOf(ProblemBody.of(problem, "").status());
    }

    /** These parameters of a request as a query that begins with {@code &}; without those that are empty. */
    public static String query(HttpServletRequest request, List<String> names) {
        StringBuilder query = new StringBuilder();
        for (String name : names) {
            String value = request.getParameter(name);
            if (value != null && !value.isBlank()) {
                query.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        }
        return query.toString();
    }

    /** The reader's zone, which a script keeps in a cookie; UTC where there is none. */
    public static ZoneId zone(HttpServletRequest request) {
        Cookie[] sent = request.getCookies();
        return sent == null
                ? ZoneOffset.UTC
                : Arrays.stream(sent)
                        .filter(cookie -> cookie.getName().equals("keyrack-zone"))
                        .map(Cookie::getValue)
                        .filter(ZoneId.getAvailableZoneIds()::contains)
                        .findFirst()
                        .map(ZoneId::of)
                        .orElse(ZoneOffset.UTC);
    }

    /** The texts in the reader's language. */
    public static Texts texts(HttpServletRequest request) {
        return Texts.of(Collections.list(request.getLocales()));
    }

    /** 303: what was posted is done, and is not posted again by a reload. */
    public static ResponseEntity<byte[]> go(String address) {
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .header(HttpHeaders.LOCATION, address)
                .build();
    }

    /** @throws dev.keyrack.server.http.ProblemException unless a page of ours in this browser sent the form */
    void requireOwnForm(HttpServletRequest request) {
        csrf.require(request, tie(request).orElse(null));
    }

    /** What ties a form to the browser: the session of whoever is signed in, else the visit. */
    private Optional<Secret> tie(HttpServletRequest request) {
        return cookies.read(request, Cookies.Kind.SESSION).or(() -> cookies.read(request, Cookies.Kind.VISIT));
    }
}
