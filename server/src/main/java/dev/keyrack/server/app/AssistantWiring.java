package dev.keyrack.server.app;

import dev.keyrack.server.assistants.Assistants;
import dev.keyrack.server.outbound.Outbound;
import org.springframework.context.annotation.Bean;

/** The part of {@link Wiring} that is about what answers visitors. */
class AssistantWiring {
    @Bean
    Outbound outbound(ControlPlane.Parts parts) {
        return new Outbound(parts.settings().backendNetworks());
    }

    @Bean
    Assistants assistants(ControlPlane.Parts parts, Outbound outbound) {
        return new Assistants(parts.store(), parts.keyset(), outbound);
    }
}
