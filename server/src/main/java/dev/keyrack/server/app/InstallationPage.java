package dev.keyrack.server.app;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.store.DatabaseGlance;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Operator: what runs here, where it stores, and how it is set, without secrets. */
@RestController
@RequestMapping("/operator/installation")
public final class InstallationPage {
    private final Pages pages;
    private final ControlPlane.Parts parts;

    InstallationPage(Pages pages, ControlPlane.Parts parts) {
        this.pages = pages;
        this.parts = parts;
    }

    /** @param shared whether several processes use the store */
    public record Model(
            String version, String java, int schema, boolean shared, long storedBytes, List<Settings.Fact> settings) {}

    @GetMapping
    ResponseEntity<byte[]> show(Caller caller, HttpServletRequest request) {
        caller.requireOperator();
        return pages.show(
                request,
                "app/installation",
                new Model(
                        parts.version(),
                        Runtime.version().toString(),
                        DatabaseGlance.NEWEST_SCHEMA,
                        parts.store().shared(),
                        parts.store().size(),
                        parts.settings().facts()));
    }
}
