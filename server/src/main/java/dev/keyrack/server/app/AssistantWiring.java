package dev.keyrack.server.app;

import dev.keyrack.server.assistants.Assistants;
import org.springframework.context.annotation.Bean;

/** The part of {@link Wiring} that is about what answers visitors. */
class AssistantWiring {
    @Bean
    Assistants assistants() {
        return new Assistants();
    }
}
