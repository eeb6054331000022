package dev.keyrack.server.app;

import dev.keyrack.server.accounts.AccountPage;
import dev.keyrack.server.accounts.Accounts;
import dev.keyrack.server.accounts.BrandPage;
import dev.keyrack.server.accounts.ChosenPasswords;
import dev.keyrack.server.accounts.Entrance;
import dev.keyrack.server.accounts.ForgottenPasswords;
import dev.keyrack.server.accounts.Invitations;
import dev.keyrack.server.accounts.LinkPage;
import dev.keyrack.server.accounts.LogoPage;
import dev.keyrack.server.accounts.Members;
import dev.keyrack.server.accounts.OperatorOrganizationsPage;
import dev.keyrack.server.accounts.OrganizationDeletionPage;
import dev.keyrack.server.accounts.OrganizationPage;
import dev.keyrack.server.accounts.OrganizationStates;
import dev.keyrack.server.accounts.Organizations;
import dev.keyrack.server.accounts.Recovery;
import dev.keyrack.server.accounts.Sessions;
import dev.keyrack.server.accounts.SessionsPage;
import dev.keyrack.server.accounts.TokenPage;
import dev.keyrack.server.accounts.Welcome;
import dev.keyrack.server.accounts.WelcomePage;
import dev.keyrack.server.audit.AuditPage;
import dev.keyrack.server.audit.AuditTrail;
import dev.keyrack.server.audit.Verification;
import dev.keyrack.server.components.Components;
import dev.keyrack.server.credentials.Credentials;
import dev.keyrack.server.credentials.GuidePage;
import dev.keyrack.server.credentials.KeyActsPage;
import dev.keyrack.server.credentials.KeySearch;
import dev.keyrack.server.credentials.KeysPage;
import dev.keyrack.server.credentials.NewKeyPage;
import dev.keyrack.server.credentials.UseOfKeys;
import dev.keyrack.server.feed.NodesPage;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.mail.Mail;
import dev.keyrack.server.permissions.PermissionCatalogue;
import dev.keyrack.server.permissions.PermissionsPage;
import dev.keyrack.server.portal.Cookies;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.server.search.SearchPage;
import jakarta.servlet.MultipartConfigElement;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;

/** The pages of the portal that no other wiring has. */
class PortalWiring {
    @Bean
    OrganizationPage organizationPage(Pages pages, Organizations organizations) {
        return new OrganizationPage(pages, organizations);
    }

    @Bean
    OrganizationDeletionPage organizationDeletionPage(
            Pages pages, Cookies cookies, OrganizationStates states, Credentials credentials) {
        return new OrganizationDeletionPage(pages, cookies, states, credentials::working);
    }

    @Bean
    LogoPage logoPage(Organizations organizations, OrganizationPage page) {
        return new LogoPage(organizations, page);
    }

    /** For the one form that has a file. It is held in memory, and never larger than a body may be anyway. */
    @Bean
    MultipartConfigElement multipart() {
        return new MultipartConfigElement("", LogoPage.MOST_BYTES, LogoPage.MOST_BYTES, LogoPage.MOST_BYTES);
    }

    @Bean
    OperatorOrganizationsPage operatorOrganizationsPage(
            ControlPlane.Parts parts,
            Pages pages,
            Organizations organizations,
            OrganizationStates states,
            Accounts accounts,
            Idempotency idempotency,
            Recovery recovery,
            Mail mail,
            Credentials credentials,
            WebServerApplicationContext context) {
        return new OperatorOrganizationsPage(
                pages,
                organizations,
                states,
                accounts,
                idempotency,
                recovery,
                mail,
                credentials::working,
                () -> Wiring.base(parts.settings(), context));
    }

    @Bean
    SearchPage searchPage(Pages pages, Credentials credentials, Projects projects, Members members) {
        return new SearchPage(pages, new KeySearch(credentials), projects, members);
    }

    @Bean
    PermissionsPage permissionsPage(Pages pages, PermissionCatalogue catalogue) {
        return new PermissionsPage(pages, catalogue);
    }

    @Bean
    LinkPage linkPage(Pages pages, Entrance entrance, Recovery recovery, Invitations invitations) {
        return new LinkPage(pages, entrance, recovery, invitations);
    }

    @Bean
    WelcomePage welcomePage(Pages pages, Entrance entrance, Welcome welcome, ForgottenPasswords forgotten) {
        return new WelcomePage(pages, entrance, welcome, forgotten);
    }

    @Bean
    AccountPage accountPage(
            Pages pages, Cookies cookies, Members members, ChosenPasswords passwords, Sessions sessions) {
        return new AccountPage(pages, cookies, members, passwords, sessions);
    }

    @Bean
    KeysPage keysPage(Pages pages, Credentials credentials, Projects projects) {
        return new KeysPage(pages, credentials, projects);
    }

    @Bean
    NewKeyPage newKeyPage(
            Pages pages,
            Credentials credentials,
            Projects projects,
            PermissionCatalogue catalogue,
            Idempotency idempotency,
            Components components,
            ControlPlane.Parts parts,
            WebServerApplicationContext context) {
        return new NewKeyPage(
                pages,
                credentials,
                projects,
                catalogue,
                idempotency,
                components::begin,
                () -> Wiring.base(parts.settings(), context));
    }

    @Bean
    GuidePage guidePage(Pages pages) {
        return new GuidePage(pages);
    }

    @Bean
    KeyActsPage keyActsPage(Pages pages, Credentials credentials, Projects projects, UseOfKeys use) {
        return new KeyActsPage(pages, credentials, projects, use);
    }

    @Bean
    AuditPage auditPage(Pages pages, AuditTrail trail, Verification verification) {
        return new AuditPage(pages, trail, verification);
    }

    @Bean
    NodesPage nodesPage(ControlPlane.Parts parts, Pages pages) {
        return new NodesPage(pages, parts.nodes());
    }

    @Bean
    InstallationPage installationPage(ControlPlane.Parts parts, Pages pages) {
        return new InstallationPage(pages, parts);
    }

    @Bean
    Cookies cookies(ControlPlane.Parts parts) {
        return new Cookies(parts.settings().https());
    }

    @Bean
    BrandPage brandPage(ControlPlane.Parts parts) {
        return new BrandPage(parts.store());
    }

    @Bean
    Pages pages(ControlPlane.Parts parts, Cookies cookies, BrandPage brand) {
        return new Pages(cookies, parts.ids().random(), parts.version(), brand::brand);
    }

    @Bean
    TokenPage tokenPage(Pages pages, Accounts accounts, Idempotency idempotency) {
        return new TokenPage(pages, accounts, idempotency);
    }

    @Bean
    SessionsPage sessionsPage(Pages pages, Sessions sessions) {
        return new SessionsPage(pages, sessions);
    }
}
