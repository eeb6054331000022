package dev.keyrack.server.app;

import dev.keyrack.gate.Networks;
import dev.keyrack.server.accounts.Accounts;
import dev.keyrack.server.accounts.AccountsApi;
import dev.keyrack.server.accounts.Authentication;
import dev.keyrack.server.accounts.CallerResolver;
import dev.keyrack.server.accounts.ChosenPasswords;
import dev.keyrack.server.accounts.Entrance;
import dev.keyrack.server.accounts.ForgottenPasswords;
import dev.keyrack.server.accounts.Invitations;
import dev.keyrack.server.accounts.InvitationsApi;
import dev.keyrack.server.accounts.Members;
import dev.keyrack.server.accounts.MembersApi;
import dev.keyrack.server.accounts.OrganizationStates;
import dev.keyrack.server.accounts.Organizations;
import dev.keyrack.server.accounts.OrganizationsApi;
import dev.keyrack.server.accounts.Passwords;
import dev.keyrack.server.accounts.PortalSessions;
import dev.keyrack.server.accounts.Recovery;
import dev.keyrack.server.accounts.RecoveryApi;
import dev.keyrack.server.accounts.Sessions;
import dev.keyrack.server.accounts.SignIn;
import dev.keyrack.server.accounts.SignInFailures;
import dev.keyrack.server.accounts.SignInPage;
import dev.keyrack.server.accounts.Welcome;
import dev.keyrack.server.accounts.WelcomeApi;
import dev.keyrack.server.audit.AuditApi;
import dev.keyrack.server.audit.AuditTrail;
import dev.keyrack.server.audit.ChainApi;
import dev.keyrack.server.audit.Verification;
import dev.keyrack.server.credentials.Credentials;
import dev.keyrack.server.credentials.CredentialsApi;
import dev.keyrack.server.credentials.KeyEventsApi;
import dev.keyrack.server.feed.Confirmations;
import dev.keyrack.server.feed.NodesApi;
import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.ProblemValve;
import dev.keyrack.server.http.Problems;
import dev.keyrack.server.http.QueryCheck;
import dev.keyrack.server.http.RequestFilter;
import dev.keyrack.server.mail.Mail;
import dev.keyrack.server.permissions.PermissionCatalogue;
import dev.keyrack.server.permissions.PermissionsApi;
import dev.keyrack.server.portal.Cookies;
import dev.keyrack.server.portal.ErrorPage;
import dev.keyrack.server.portal.FormGuard;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.server.projects.ProjectsApi;
import dev.keyrack.server.store.AuditChain;
import dev.keyrack.server.store.AuditSigner;
import dev.keyrack.server.store.Committed;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.CacheControl;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** How the control plane is put together: every part, in one place, by hand. */
@SpringBootConfiguration(proxyBeanMethods = false)
// Errors are told by ProblemValve, and no endpoint takes a form: its body would be read before we see it.
@ImportAutoConfiguration({
    ConfigurationPropertiesAutoConfiguration.class,
    LifecycleAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class
})
@Import({
    AssistantWiring.class,
    ComponentWiring.class,
    ConversationWiring.class,
    KeyWiring.class,
    PeopleAndProjectsWiring.class,
    PortalWiring.class
})
class Wiring {

    @Bean
    Accounts accounts(ControlPlane.Parts parts) {
        return new Accounts(parts.store(), parts.ids(), parts.settings().brand());
    }

    @Bean
    AccountsApi accountsApi(Accounts accounts, Idempotency idempotency) {
        return new AccountsApi(accounts, idempotency);
    }

    @Bean
    Organizations organizations(ControlPlane.Parts parts) {
        return new Organizations(parts.store());
    }

    @Bean
    OrganizationStates organizationStates(ControlPlane.Parts parts) {
        Confirmations confirmations = parts.following().confirmations();
        OrganizationStates.Proof proof = new OrganizationStates.Proof() {
            @Override
            public Record of(Committed<?> change, String organizationId) {
                return confirmations.of(change, organizationId);
            }

            @Override
            public Record here(Committed<?> change) {
                return confirmations.here(change);
            }
        };
        return new OrganizationStates(parts.store(), proof, parts.settings().keepRevoked());
    }

    @Bean
    OrganizationsApi organizationsApi(Organizations organizations, OrganizationStates states) {
        return new OrganizationsApi(organizations, states);
    }

    @Bean
    Members members(ControlPlane.Parts parts) {
        return new Members(parts.store());
    }

    @Bean
    MembersApi membersApi(Members members) {
        return new MembersApi(members);
    }

    @Bean
    Idempotency idempotency(ControlPlane.Parts parts) {
        return new Idempotency(parts.keyset());
    }

    @Bean
    Passwords passwords() {
        return new Passwords();
    }

    @Bean
    SignInFailures signInFailures(ControlPlane.Parts parts) {
        return new SignInFailures(parts.store(), parts.keyset(), parts.ids());
    }

    @Bean
    ChosenPasswords chosenPasswords(ControlPlane.Parts parts, Passwords passwords, SignInFailures failures) {
        return new ChosenPasswords(
                parts.store(), passwords, failures, parts.audit().denied());
    }

    @Bean
    Recovery recovery(ControlPlane.Parts parts, ChosenPasswords passwords) {
        return new Recovery(
                parts.store(),
                parts.ids().random(),
                parts.settings().brand(),
                parts.audit().denied(),
                passwords);
    }

    @Bean
    RecoveryApi recoveryApi(
            ControlPlane.Parts parts,
            Recovery recovery,
            ChosenPasswords passwords,
            WebServerApplicationContext context) {
        return new RecoveryApi(recovery, passwords, () -> base(parts.settings(), context));
    }

    @Bean
    Mail mail(ControlPlane.Parts parts) {
        return new Mail(parts.settings().smtp());
    }

    @Bean
    Invitations invitations(ControlPlane.Parts parts, ChosenPasswords passwords) {
        return new Invitations(parts.store(), parts.ids(), parts.audit().denied(), passwords);
    }

    @Bean
    InvitationsApi invitationsApi(
            ControlPlane.Parts parts,
            Invitations invitations,
            Idempotency idempotency,
            Mail mail,
            WebServerApplicationContext context) {
        return new InvitationsApi(invitations, idempotency, mail, () -> base(parts.settings(), context));
    }

    /** The address by which people reach the control plane, without a slash at its end. */
    static String base(Settings settings, WebServerApplicationContext context) {
        String known = settings.publicUrl();
        return known != null
                ? known
                : RunningServer.reachable(
                        settings.host(),
                        Objects.requireNonNull(context.getWebServer()).getPort());
    }

    @Bean
    Entrance entrance(Sessions sessions, Cookies cookies, SignInFailures failures) {
        return new Entrance(sessions, cookies, failures);
    }

    @Bean
    Welcome welcome(
            ControlPlane.Parts parts,
            Accounts accounts,
            ChosenPasswords passwords,
            WebServerApplicationContext context) {
        return new Welcome(
                accounts,
                passwords,
                parts.audit().denied(),
                parts.ids().random(),
                () -> base(parts.settings(), context));
    }

    @Bean
    ForgottenPasswords forgottenPasswords(
            ControlPlane.Parts parts,
            Recovery recovery,
            SignInFailures failures,
            Mail mail,
            WebServerApplicationContext context) {
        return new ForgottenPasswords(parts.store(), recovery, failures, mail, () -> base(parts.settings(), context));
    }

    @Bean
    WelcomeApi welcomeApi(Welcome welcome, ForgottenPasswords forgotten) {
        return new WelcomeApi(welcome, forgotten);
    }

    @Bean
    Authentication authentication(ControlPlane.Parts parts) {
        return new Authentication(parts.store(), parts.operator(), parts.audit().denied());
    }

    @Bean
    Projects projects(ControlPlane.Parts parts) {
        return new Projects(parts.store(), parts.ids());
    }

    @Bean
    ProjectsApi projectsApi(Projects projects, Idempotency idempotency) {
        return new ProjectsApi(projects, idempotency);
    }

    @Bean
    PermissionCatalogue permissionCatalogue(ControlPlane.Parts parts, Accounts accounts) {
        return new PermissionCatalogue(
                parts.store(), accounts, parts.following().confirmations());
    }

    @Bean
    PermissionsApi permissionsApi(PermissionCatalogue catalogue) {
        return new PermissionsApi(catalogue);
    }

    @Bean
    Credentials credentials(ControlPlane.Parts parts, Projects projects, PermissionCatalogue catalogue) {
        return new Credentials(
                parts.store(),
                parts.keyset(),
                parts.ids(),
                parts.settings().brand(),
                projects,
                catalogue,
                parts.following().confirmations());
    }

    @Bean
    CredentialsApi credentialsApi(Credentials credentials, Idempotency idempotency) {
        return new CredentialsApi(credentials, idempotency);
    }

    @Bean
    AuditTrail auditTrail(ControlPlane.Parts parts) {
        return new AuditTrail(parts.store());
    }

    @Bean
    AuditApi auditApi(AuditTrail trail) {
        return new AuditApi(trail);
    }

    @Bean
    KeyEventsApi keyEventsApi(Credentials credentials, AuditTrail trail) {
        return new KeyEventsApi(credentials, trail);
    }

    @Bean
    NodesApi nodesApi(ControlPlane.Parts parts) {
        return new NodesApi(parts.nodes());
    }

    @Bean
    Verification verification(ControlPlane.Parts parts) {
        return new Verification(
                parts.store(),
                AuditChain.of(parts.keyset()),
                AuditSigner.of(parts.keyset()),
                parts.audit().anchors());
    }

    @Bean
    ChainApi chainApi(ControlPlane.Parts parts, Verification verification) {
        return new ChainApi(parts.audit().anchors(), verification);
    }

    @Bean
    StatusApi statusApi(ControlPlane.Parts parts) {
        return new StatusApi(
                parts.following(),
                parts.metrics(),
                Networks.parse(parts.settings().gate().trustedNetworks()),
                parts.ready());
    }

    @Bean
    DocumentationPage documentationPage() {
        return new DocumentationPage();
    }

    @Bean
    Sessions sessions(ControlPlane.Parts parts) {
        return new Sessions(parts.store(), parts.ids());
    }

    @Bean
    PortalSessions portalSessions(Sessions sessions, Cookies cookies) {
        return new PortalSessions(sessions, cookies);
    }

    @Bean
    SignIn signIn(ControlPlane.Parts parts, Sessions sessions, Passwords passwords, SignInFailures failures) {
        return new SignIn(
                parts.store(), sessions, passwords, failures, parts.audit().denied());
    }

    @Bean
    SignInPage signInPage(Pages pages, Cookies cookies, Sessions sessions, SignIn signIn, Welcome welcome) {
        return new SignInPage(pages, cookies, sessions, signIn, welcome);
    }

    @Bean
    Problems problems(Pages pages) {
        return new Problems(new ErrorPage(pages));
    }

    @Bean
    FilterRegistrationBean<RequestFilter> requestFilter(ControlPlane.Parts parts) {
        var registration = new FilterRegistrationBean<>(new RequestFilter(
                parts.metrics(),
                () -> parts.ids().next("req"),
                parts.settings().gate().clientAddress(),
                parts.settings().https()));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /** What Tomcat refuses before it reaches us is told in our form, too. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcat(ControlPlane.Parts parts) {
        return factory -> factory.addContextCustomizers(context -> context.getParent()
                .getPipeline()
                .addValve(new ProblemValve(() -> parts.ids().next("req"))));
    }

    @Bean
    WebMvcConfigurer mvc(
            ControlPlane.Parts parts, Authentication authentication, PortalSessions sessions, Pages pages) {
        CallerResolver callers =
                new CallerResolver(authentication, sessions, parts.audit().denied());
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(callers);
            }

            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new QueryCheck()).addPathPatterns("/api/v1/**", "/assistant/v1/**");
                registry.addInterceptor(callers);
                ComponentFiles.open(registry);
                registry.addInterceptor(new FormGuard(pages)).excludePathPatterns("/api/v1/**", "/assistant/v1/**");
            }

            @Override
            public void addResourceHandlers(ResourceHandlerRegistry registry) {
                DocumentationPage.serve(registry);
                ComponentFiles.serve(registry);
                registry.addResourceHandler("/portal/**")
                        .addResourceLocations("classpath:/portal/")
                        .setCacheControl(CacheControl.maxAge(Duration.ofDays(365))
                                .cachePublic()
                                .immutable());
            }
        };
    }
}
