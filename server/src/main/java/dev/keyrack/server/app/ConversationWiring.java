package dev.keyrack.server.app;

import dev.keyrack.server.assistants.Assistants;
import dev.keyrack.server.components.Components;
import dev.keyrack.server.conversations.Answerer;
import dev.keyrack.server.conversations.ChatApi;
import dev.keyrack.server.conversations.ConversationEngine;
import dev.keyrack.server.conversations.ConversationRules;
import dev.keyrack.server.conversations.ConversationsApi;
import dev.keyrack.server.conversations.IdentityKeysApi;
import dev.keyrack.server.conversations.IdentityKeysPage;
import dev.keyrack.server.conversations.PageCodes;
import dev.keyrack.server.conversations.TranscriptsApi;
import dev.keyrack.server.conversations.TranscriptsPage;
import dev.keyrack.server.conversations.VisitorSessionsApi;
import dev.keyrack.server.conversations.VisitorVerdicts;
import dev.keyrack.server.credentials.Credentials;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.VisitorCors;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import java.util.Optional;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/** The part of {@link Wiring} that is about visitors and their conversations. */
class ConversationWiring {
    @Bean
    FilterRegistrationBean<VisitorCors> visitorCors() {
        var registration = new FilterRegistrationBean<>(new VisitorCors());
        // Right after the one that gives every request its id.
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }

    @Bean
    PageCodes pageCodes(ControlPlane.Parts parts) {
        return new PageCodes(parts.keyset(), parts.store()::now);
    }

    @Bean
    ConversationRules conversationRules(Components components) {
        return new ConversationRules() {
            @Override
            public Optional<Limit> limit(String keyId) {
                return components.messageLimit(keyId).map(limit -> new Limit(limit.messages(), limit.text()));
            }

            @Override
            public boolean hosts(String keyId) {
                return components.hosts(keyId);
            }
        };
    }

    @Bean
    VisitorVerdicts visitorVerdicts(ControlPlane.Parts parts) {
        return new VisitorVerdicts(parts.following().verifier(), parts.refusals());
    }

    @Bean
    ConversationEngine conversationEngine(
            ControlPlane.Parts parts,
            VisitorVerdicts verdicts,
            PageCodes pages,
            ConversationRules rules,
            Assistants assistants,
            ServletWebServerApplicationContext context) {
        Answerer answerer = parts.answerer();
        return new ConversationEngine(
                new ConversationEngine.Parts(
                        parts.store(),
                        parts.keyset(),
                        parts.ids(),
                        verdicts,
                        pages,
                        parts.settings().conversationLimit()),
                rules,
                answerer == null ? assistants::answer : answerer,
                System::nanoTime,
                () -> Wiring.base(parts.settings(), context));
    }

    @Bean
    VisitorSessionsApi visitorSessionsApi(ConversationEngine engine) {
        return engine.sessionsApi();
    }

    @Bean
    ConversationsApi conversationsApi(ConversationEngine engine) {
        return engine.conversationsApi();
    }

    @Bean
    IdentityKeysApi identityKeysApi(ConversationEngine engine, Credentials credentials, Idempotency idempotency) {
        return new IdentityKeysApi(engine.identityKeys(credentials), idempotency);
    }

    @Bean
    IdentityKeysPage identityKeysPage(
            ConversationEngine engine, Pages pages, Credentials credentials, Idempotency idempotency) {
        return new IdentityKeysPage(pages, engine.identityKeys(credentials), credentials, idempotency);
    }

    @Bean
    ChatApi chatApi(ConversationEngine engine, Projects projects, Idempotency idempotency) {
        return engine.chatApi(projects, idempotency);
    }

    @Bean
    TranscriptsApi transcriptsApi(ConversationEngine engine, Projects projects) {
        return engine.transcriptsApi(projects);
    }

    @Bean
    TranscriptsPage transcriptsPage(ConversationEngine engine, Pages pages, Projects projects) {
        return engine.transcriptsPage(pages, projects);
    }

    /** Streams end before the web server waits for what is under way. */
    @Bean
    SmartLifecycle endOfConversations(ConversationEngine engine) {
        return new SmartLifecycle() {
            private volatile boolean running;

            @Override
            public void start() {
                running = true;
            }

            @Override
            public void stop() {
                running = false;
                engine.close();
            }

            @Override
            public boolean isRunning() {
                return running;
            }
        };
    }
}
