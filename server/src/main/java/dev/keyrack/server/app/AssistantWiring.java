package dev.keyrack.server.app;

import dev.keyrack.server.assistants.AssistantApi;
import dev.keyrack.server.assistants.AssistantPage;
import dev.keyrack.server.assistants.AssistantSetup;
import dev.keyrack.server.assistants.Assistants;
import dev.keyrack.server.assistants.Entries;
import dev.keyrack.server.assistants.EntriesApi;
import dev.keyrack.server.assistants.EntriesPage;
import dev.keyrack.server.assistants.Trials;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.outbound.Outbound;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import java.util.Objects;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;

/** The part of {@link Wiring} that is about what answers visitors. */
class AssistantWiring {
    @Bean
    Outbound outbound(ControlPlane.Parts parts, WebServerApplicationContext context) {
        return new Outbound(
                parts.settings().backendNetworks(),
                port -> port == Objects.requireNonNull(context.getWebServer()).getPort()
                        || port == parts.gatePort().getAsInt());
    }

    @Bean
    Assistants assistants(ControlPlane.Parts parts, Outbound outbound) {
        return new Assistants(parts.store(), parts.keyset(), outbound);
    }

    @Bean
    AssistantSetup assistantSetup(ControlPlane.Parts parts, Projects projects) {
        return new AssistantSetup(
                parts.store(), parts.keyset(), projects, parts.ids().random());
    }

    @Bean
    Entries entries(ControlPlane.Parts parts, Projects projects, AssistantSetup setup) {
        return new Entries(parts.store(), parts.ids(), projects, setup);
    }

    @Bean
    Trials trials(ControlPlane.Parts parts, Projects projects, Assistants assistants) {
        return new Trials(parts.store(), parts.ids(), projects, assistants);
    }

    @Bean
    AssistantApi assistantApi(
            Projects projects, AssistantSetup setup, Trials trials, Idempotency idempotency, Outbound outbound) {
        return new AssistantApi(projects, setup, trials, idempotency, outbound.guard());
    }

    @Bean
    EntriesApi entriesApi(Projects projects, Entries entries, Idempotency idempotency) {
        return new EntriesApi(projects, entries, idempotency);
    }

    @Bean
    AssistantPage assistantPage(
            Pages pages,
            Projects projects,
            AssistantSetup setup,
            Entries entries,
            Trials trials,
            Idempotency idempotency,
            Outbound outbound) {
        return new AssistantPage(pages, projects, setup, entries, trials, idempotency, outbound.guard());
    }

    @Bean
    EntriesPage entriesPage(Pages pages, Projects projects, Entries entries, Idempotency idempotency) {
        return new EntriesPage(pages, projects, entries, idempotency);
    }
}
