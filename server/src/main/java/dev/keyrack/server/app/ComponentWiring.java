package dev.keyrack.server.app;

import dev.keyrack.server.accounts.Organizations;
import dev.keyrack.server.components.ComponentApi;
import dev.keyrack.server.components.ComponentPage;
import dev.keyrack.server.components.Components;
import dev.keyrack.server.components.HostedPage;
import dev.keyrack.server.components.VisitorComponentApi;
import dev.keyrack.server.conversations.ConversationEngine;
import dev.keyrack.server.conversations.PageCodes;
import dev.keyrack.server.credentials.Credentials;
import dev.keyrack.server.portal.Pages;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;

/** The part of {@link Wiring} that is about the web component and what configures it. */
class ComponentWiring {
    @Bean
    Components components(ControlPlane.Parts parts, Credentials credentials) {
        return new Components(parts.store(), credentials);
    }

    @Bean
    ComponentApi componentApi(ControlPlane.Parts parts, Components components, WebServerApplicationContext context) {
        return new ComponentApi(components, () -> Wiring.base(parts.settings(), context));
    }

    @Bean
    ComponentPage componentPage(
            ControlPlane.Parts parts,
            Pages pages,
            Components components,
            Credentials credentials,
            PageCodes codes,
            WebServerApplicationContext context) {
        return new ComponentPage(pages, components, credentials, codes, () -> Wiring.base(parts.settings(), context));
    }

    @Bean
    VisitorComponentApi visitorComponentApi(Components components, ConversationEngine engine) {
        return new VisitorComponentApi(components, engine.calls());
    }

    @Bean
    HostedPage hostedPage(
            Pages pages,
            Components components,
            PageCodes codes,
            ConversationEngine engine,
            Organizations organizations) {
        return new HostedPage(pages, components, codes, engine.calls(), organizations);
    }
}
