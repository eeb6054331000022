package dev.keyrack.server.components;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.conversations.PageCodes;
import dev.keyrack.server.credentials.Credentials;
import dev.keyrack.server.credentials.KeyTab;
import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The page “Web component” of a web key: every option, beside the component itself. */
@RestController
@RequestMapping("/settings/api-keys/{id}/component")
public final class ComponentPage {
    private static final String TEMPLATE = "components/component";

    /** Languages that the component speaks; any other falls back to English. */
    private static final List<String> LOCALES = List.of("ar", "de", "en", "es", "fr", "he", "it", "ja", "nl", "pt");

    private final Pages pages;
    private final Components components;
    private final Credentials credentials;
    private final PageCodes codes;
    private final Supplier<String> base;

    /** @param base the address by which people reach the control plane, without a slash at its end */
    public ComponentPage(
            Pages pages, Components components, Credentials credentials, PageCodes codes, Supplier<String> base) {
        this.pages = pages;
        this.components = components;
        this.credentials = credentials;
        this.codes = codes;
        this.base = base;
    }

    /** A language, and what its speakers call it. */
    public record Language(String tag, String name) {}

    /**
     * @param base where the component's script is loaded from
     * @param hostedPage the address of the project's own page
     * @param hosted whether that page opens this key
     * @param hostedByAnother whether it opens another one
     */
    public record Model(
            KeyTab tab,
            Form form,
            List<Language> languages,
            String base,
            String hostedPage,
            boolean hosted,
            boolean hostedByAnother) {}

    @GetMapping
    ResponseEntity<byte[]> form(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Components.Component now = components.get(caller, id);
        return show(caller, request, HttpStatus.OK, now, ComponentForm.of(now.options(), now.version()));
    }

    private ResponseEntity<byte[]> show(
            Caller caller, HttpServletRequest request, HttpStatus status, Components.Component now, Form form) {
        String id = now.key().id();
        return pages.show(
                request,
                status,
                TEMPLATE,
                new Model(
                        credentials.tab(caller, id),
                        form,
                        languages(form.value("locale")),
                        base.get(),
                        base.get() + HostedPage.address(now.key().projectId()),
                        id.equals(now.hostedBy()),
                        now.hostedBy() != null && !id.equals(now.hostedBy())));
    }

    private static List<Language> languages(String chosen) {
        List<String> tags = chosen.isEmpty() || chosen.equals("auto") || LOCALES.contains(chosen)
                ? LOCALES
                : Stream.concat(LOCALES.stream(), Stream.of(chosen)).toList();
        return tags.stream()
                .map(tag -> {
                    Locale locale = Locale.forLanguageTag(tag);
                    return new Language(tag, locale.getDisplayName(locale));
                })
                .toList();
    }

    @PostMapping
    ResponseEntity<byte[]> save(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Form typed = Form.of(request);
        try {
            components.update(caller, id, input(request), KeyTab.shown(typed.value(KeyTab.VERSION)));
            return Pages.go(KeyTab.address(id) + "/component?done=component-saved");
        } catch (ProblemException e) {
            Components.Component now = components.get(caller, id);
            return switch (e.problem()) {
                case Problem.PreconditionFailed changed ->
                    show(
                            caller,
                            request,
                            Pages.status(changed),
                            now,
                            typed.with("version", String.valueOf(now.version())).with((Problem) changed));
                default -> show(caller, request, Pages.status(e.problem()), now, typed.with(e));
            };
        }
    }

    private static JsonInput input(HttpServletRequest request) {
        return ComponentForm.input(new FormBody(request), Form.of(request));
    }

    /** What the form would save, for the preview: the options, or a problem that names the fields. */
    @PostMapping("/draft")
    ResponseEntity<String> draft(Caller caller, @PathVariable String id, HttpServletRequest request) {
        ComponentOptions options = components.drafted(caller, id, input(request));
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(Components.json(options));
    }

    /** @param code with which Keyrack's own page opens a conversation with the key */
    public record Preview(String keyId, String code, String options) {}

    /** A page of somebody's, with the component on it: the frame beside the form. Only a page of ours may show it. */
    @GetMapping("/preview")
    ResponseEntity<byte[]> preview(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Components.Component now = components.get(caller, id);
        return pages.forVisitors(
                request,
                "components/preview",
                new Preview(id, codes.preview(id, caller.actor().id()), Components.json(now.options())),
                "'self'");
    }

    @PostMapping("/hosted")
    ResponseEntity<byte[]> host(Caller caller, @PathVariable String id, HttpServletRequest request) {
        boolean on = "on".equals(request.getParameter("hosted"));
        components.host(caller, id, on);
        return Pages.go(KeyTab.address(id) + "/component?done=" + (on ? "hosted-page-on" : "hosted-page-off"));
    }
}
