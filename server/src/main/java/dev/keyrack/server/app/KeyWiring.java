package dev.keyrack.server.app;

import dev.keyrack.server.accounts.MemberChoice;
import dev.keyrack.server.audit.AuditTrail;
import dev.keyrack.server.components.Components;
import dev.keyrack.server.conversations.ConversationEngine;
import dev.keyrack.server.credentials.Credentials;
import dev.keyrack.server.credentials.KeyEditPage;
import dev.keyrack.server.credentials.KeyPage;
import dev.keyrack.server.credentials.KeyRefusals;
import dev.keyrack.server.credentials.KeyRefusalsApi;
import dev.keyrack.server.credentials.KeyRefusalsPage;
import dev.keyrack.server.credentials.KeyRegeneratePage;
import dev.keyrack.server.credentials.KeyRestrictionsPage;
import dev.keyrack.server.credentials.UseOfKeys;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.permissions.PermissionCatalogue;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;

/** The part of {@link Wiring} that is about one key: its page, and why it was refused. */
class KeyWiring {

    @Bean
    KeyRefusals keyRefusals(ControlPlane.Parts parts, Credentials credentials) {
        return new KeyRefusals(parts.store(), credentials);
    }

    @Bean
    UseOfKeys useOfKeys(KeyRefusals refusals, ConversationEngine engine, Components components) {
        return new UseOfKeys(refusals, key -> engine.use(key, components.hosts(key)));
    }

    @Bean
    KeyRefusalsApi keyRefusalsApi(KeyRefusals refusals) {
        return new KeyRefusalsApi(refusals);
    }

    @Bean
    KeyPage keyPage(Pages pages, Credentials credentials, Projects projects, AuditTrail trail) {
        return new KeyPage(pages, credentials, projects, trail);
    }

    @Bean
    KeyEditPage keyEditPage(
            Pages pages,
            Credentials credentials,
            Projects projects,
            MemberChoice members,
            PermissionCatalogue catalogue) {
        return new KeyEditPage(pages, credentials, projects, members, catalogue);
    }

    @Bean
    KeyRestrictionsPage keyRestrictionsPage(
            Pages pages, Credentials credentials, KeyRefusals refusals, Projects projects) {
        return new KeyRestrictionsPage(pages, credentials, refusals, projects);
    }

    @Bean
    KeyRefusalsPage keyRefusalsPage(Pages pages, Credentials credentials, KeyRefusals refusals, Projects projects) {
        return new KeyRefusalsPage(pages, credentials, refusals, projects);
    }

    @Bean
    KeyRegeneratePage keyRegeneratePage(
            Pages pages,
            Credentials credentials,
            Projects projects,
            UseOfKeys use,
            Idempotency idempotency,
            ControlPlane.Parts parts,
            WebServerApplicationContext context) {
        return new KeyRegeneratePage(
                pages, credentials, projects, use, idempotency, () -> Wiring.base(parts.settings(), context));
    }
}
