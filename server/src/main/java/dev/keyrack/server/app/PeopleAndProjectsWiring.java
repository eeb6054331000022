package dev.keyrack.server.app;

import dev.keyrack.server.accounts.Invitations;
import dev.keyrack.server.accounts.InvitationsApi;
import dev.keyrack.server.accounts.InvitationsPage;
import dev.keyrack.server.accounts.MemberChoice;
import dev.keyrack.server.accounts.Members;
import dev.keyrack.server.accounts.MembersPage;
import dev.keyrack.server.accounts.Recovery;
import dev.keyrack.server.credentials.CredentialPairs;
import dev.keyrack.server.credentials.CredentialTokensPage;
import dev.keyrack.server.credentials.Credentials;
import dev.keyrack.server.credentials.DeveloperCredentialsPage;
import dev.keyrack.server.credentials.ProjectCredentialsPage;
import dev.keyrack.server.credentials.UseOfKeys;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.ConversationsPage;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.server.projects.ProjectsPage;
import java.util.function.Supplier;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the pages of projects, their credentials and members together. */
@Configuration(proxyBeanMethods = false)
class PeopleAndProjectsWiring {
    @Bean
    MemberChoice memberChoice(ControlPlane.Parts parts) {
        return new MemberChoice(parts.store());
    }

    @Bean
    ProjectsPage projectsPage(Pages pages, Projects projects, MemberChoice members, Idempotency idempotency) {
        return new ProjectsPage(pages, projects, members, idempotency);
    }

    @Bean
    ConversationsPage conversationsPage(Pages pages, Projects projects) {
        return new ConversationsPage(pages, projects);
    }

    @Bean
    MembersPage membersPage(
            ControlPlane.Parts parts,
            Pages pages,
            Members members,
            Invitations invitations,
            Recovery recovery,
            MemberChoice choice,
            WebServerApplicationContext context) {
        return new MembersPage(
                pages, members, invitations, recovery, choice, () -> Wiring.base(parts.settings(), context));
    }

    @Bean
    InvitationsPage invitationsPage(Pages pages, InvitationsApi api, Invitations invitations, Idempotency idempotency) {
        return new InvitationsPage(pages, api, invitations, idempotency);
    }

    @Bean
    CredentialPairs credentialPairs(ControlPlane.Parts parts, Credentials credentials) {
        return new CredentialPairs(parts.store(), credentials);
    }

    @Bean
    ProjectCredentialsPage projectCredentialsPage(
            ControlPlane.Parts parts,
            Pages pages,
            Projects projects,
            Credentials credentials,
            CredentialPairs pairs,
            UseOfKeys use,
            Idempotency idempotency,
            WebServerApplicationContext context) {
        return new ProjectCredentialsPage(
                pages,
                projects,
                credentials,
                pairs,
                use,
                idempotency,
                gate(parts),
                () -> Wiring.base(parts.settings(), context));
    }

    @Bean
    DeveloperCredentialsPage developerCredentialsPage(
            ControlPlane.Parts parts, Pages pages, Credentials credentials, Projects projects, UseOfKeys use) {
        return new DeveloperCredentialsPage(pages, credentials, projects, use, gate(parts));
    }

    @Bean
    CredentialTokensPage credentialTokensPage(
            ControlPlane.Parts parts,
            Pages pages,
            Credentials credentials,
            Projects projects,
            UseOfKeys use,
            Idempotency idempotency) {
        return new CredentialTokensPage(pages, credentials, projects, use, idempotency, gate(parts));
    }

    /** The address of this process's own gate, which starts after the control plane. */
    private static Supplier<String> gate(ControlPlane.Parts parts) {
        return () -> ControlFile.read(parts.settings().data())
                .map(ControlFile.Running::gateUrl)
                .orElseGet(() -> StartSummary.url(
                        RunningGate.reachable(parts.settings().gate().host()),
                        parts.settings().gate().port()));
    }
}
