package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** An organization's logo: its forms in Settings &gt; Organization, and the picture itself, which everybody may see. */
@RestController
public final class LogoPage {
    /** Of a form with a file; enough to say of a file that it is too large. */
    public static final int MOST_BYTES = 1 << 20;

    private final Organizations organizations;
    private final OrganizationPage page;

    public LogoPage(Organizations organizations, OrganizationPage page) {
        this.organizations = organizations;
        this.page = page;
    }

    static String address(String name) {
        return "/logo/" + name + ".png";
    }

    @PostMapping("/settings/organization/logo")
    ResponseEntity<byte[]> put(Caller caller, HttpServletRequest request) {
        caller.require(Right.MANAGE);
        try {
            organizations.putLogo(caller, caller.requireOrganization().id(), file(request));
            return Pages.go("/settings/organization?done=logo-saved");
        } catch (ProblemException e) {
            return page.again(caller, request, e);
        }
    }

    private static byte[] file(HttpServletRequest request) {
        try {
            Part part = request.getPart("logo");
            if (part == null) {
                return new byte[0];
            }
            try (InputStream in = part.getInputStream()) {
                return in.readAllBytes();
            }
        } catch (IOException | ServletException | IllegalStateException e) {
            throw new ProblemException(Problem.InvalidRequest.at("/logo", Sentence.of("problem.file-not-read")));
        }
    }

    @PostMapping("/settings/organization/logo/remove")
    ResponseEntity<byte[]> remove(Caller caller) {
        caller.require(Right.MANAGE);
        organizations.removeLogo(caller, caller.requireOrganization().id());
        return Pages.go("/settings/organization?done=logo-removed");
    }

    /** Without a question who asks: it is on the project's own pages, which are for everybody. */
    @GetMapping("/logo/{name}.png")
    ResponseEntity<byte[]> logo(@PathVariable String name) {
        byte[] png = organizations.logo(name).orElseThrow(() -> new ProblemException(new Problem.NotFound()));
        return ResponseEntity.ok()
                .contentType(MediaType.IMAGE_PNG)
                .cacheControl(
                        CacheControl.maxAge(Duration.ofDays(1)).cachePublic().immutable())
                .body(png);
    }
}
