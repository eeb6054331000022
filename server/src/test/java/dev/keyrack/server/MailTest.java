package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Promise: mail goes to whom it is meant for, tells nobody else anything, and no call fails because of it. */
class MailTest {
    private static final String SECRET = "hunter2sesame";
    private static final Pattern LINK = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+/([a-z]+)#([0-9a-f]{48})");
    private static final long PATIENCE = 30_000;

    private GreenMail mail;
    private TestingServer server;

    @AfterEach
    void stop() {
        try {
            if (server != null) {
                server.close();
            }
        } finally {
            if (mail != null) {
                mail.stop();
            }
        }
    }

    /** @param host where the server listens */
    private int mailServer(String protocol, String host) {
        ServerSetup setup = new ServerSetup(0, host, protocol);
        mail = new GreenMail(setup)
                .withConfiguration(GreenMailConfiguration.aConfig().withUser("keys@example.com", "keys", SECRET));
        mail.start();
        return protocol.equals(ServerSetup.PROTOCOL_SMTPS)
                ? mail.getSmtps().getPort()
                : mail.getSmtp().getPort();
    }

    private void keyrackWith(String url) {
        server = TestingServer.start(Map.of("KEYRACK_SMTP_URL", url));
    }

    private void keyrackWithMail() {
        keyrackWith(
                "smtp://127.0.0.1:" + mailServer(ServerSetup.PROTOCOL_SMTP, "127.0.0.1") + "?from=keys@example.com");
    }

    private Answer invite(String email) {
        Answer invited = server.owner.post("/api/v1/invitations", "{'email':'" + email + "','role':'support'}");
        assertThat(invited.status()).as(invited.text()).isEqualTo(201);
        return invited;
    }

    private Answer forgot(String email) {
        Answer answer = server.nobody.post("/api/v1/forgotten", "{'email':'" + email + "'}");
        assertThat(answer.status()).isEqualTo(202);
        return answer;
    }

    private static String text(MimeMessage message) {
        try {
            return message.getContent().toString();
        } catch (IOException | MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<MimeMessage> mails(int count) {
        assertThat(mail.waitForIncomingEmail(PATIENCE, count))
                .as(count + " mails")
                .isTrue();
        return Arrays.asList(mail.getReceivedMessages());
    }

    @Test
    void firstOwnerOfAnOrganizationGetsTheWayInByMail() throws Exception {
        keyrackWithMail();
        TestingReader operator = TestingReader.owner(server);
        operator.open("/operator/organizations/new");
        Answer made = operator.send(
                "/operator/organizations/new", "name", "Third", "subdomain", "third", "ownerEmail", "t@example.com");
        assertThat(made.text()).contains("is on its way to t@example.com by mail");
        String link = made.text().replaceFirst("(?s).*<code id=\"owner-link\">([^<]+)<.*", "$1");
        MimeMessage message = mails(1).getFirst();
        assertThat(message.getAllRecipients()).extracting(Object::toString).containsExactly("t@example.com");
        assertThat(text(message)).contains(link, "Third");
        TestingReader owner = TestingReader.visitor(link.replaceFirst("/recover#.*", ""));
        owner.open("/recover");
        assertThat(owner.send("/recover", "code", link, "password", TestingReader.PASSWORD)
                        .status())
                .isEqualTo(303);
    }

    @Test
    void invitationIsMailedToWhomItIsFor() throws Exception {
        keyrackWithMail();
        Answer invited = invite("jane@example.com");
        assertThat(invited.at("/mailed")).isEqualTo("true");
        MimeMessage message = mails(1).getFirst();
        assertThat(message.getAllRecipients()).extracting(Object::toString).containsExactly("jane@example.com");
        assertThat(message.getFrom()).extracting(Object::toString).containsExactly("keys@example.com");
        assertThat(message.getSubject()).isEqualTo("Your invitation to Keyrack");
        assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(text(message)).contains(invited.at("/link"), "Acme", "Support");
        assertThat(server.log.text()).doesNotContain("jane@example.com", People.code(invited));
    }

    @Test
    void passwordIsUsedWhereTheServerAsksForOneAndStandsInNoLog() {
        int port = mailServer(ServerSetup.PROTOCOL_SMTP, "127.0.0.1");
        keyrackWith("smtp://keys:" + SECRET + "@127.0.0.1:" + port + "?from=keys@example.com");
        assertThat(invite("jane@example.com").at("/mailed")).isEqualTo("true");
        assertThat(server.log.text()).doesNotContain(SECRET);
        assertThat(TestingReader.owner(server).open("/operator/installation").text())
                .contains("smtp://127.0.0.1:" + port)
                .doesNotContain(SECRET);
    }

    @Test
    void wrongPasswordOfTheMailServerFailsNoCall() {
        int port = mailServer(ServerSetup.PROTOCOL_SMTP, "127.0.0.1");
        keyrackWith("smtp://keys:not" + SECRET + "@127.0.0.1:" + port + "?from=keys@example.com");
        assertThat(invite("jane@example.com").at("/mailed")).isEqualTo("false");
        assertThat(mail.getReceivedMessages()).isEmpty();
        assertThat(server.log.text())
                .contains("a mail could not be sent", "KEYRACK_SMTP_URL")
                .doesNotContain(SECRET, "jane@example.com");
    }

    @Test
    void serverThatIsNotThereFailsNoCall() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        keyrackWith("smtp://127.0.0.1:" + free + "?from=keys@example.com");
        assertThat(invite("jane@example.com").at("/mailed")).isEqualTo("false");
        forgot("owner@example.com");
        assertThat(server.log.text()).doesNotContain("jane@example.com");
    }

    @Test
    void nothingIsSaidInTheClearToAServerElsewhere() {
        // All addresses of this machine: no loopback address, and the server knows no STARTTLS.
        int port = mailServer(ServerSetup.PROTOCOL_SMTP, "0.0.0.0");
        keyrackWith("smtp://0.0.0.0:" + port + "?from=keys@example.com");
        assertThat(invite("jane@example.com").at("/mailed")).isEqualTo("false");
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void serverWhoseCertificateNobodyVouchesForGetsNothing() {
        int port = mailServer(ServerSetup.PROTOCOL_SMTPS, "127.0.0.1");
        keyrackWith("smtps://127.0.0.1:" + port + "?from=keys@example.com");
        assertThat(invite("jane@example.com").at("/mailed")).isEqualTo("false");
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void forgottenPasswordIsChosenAnewThroughTheMailedLink() throws Exception {
        keyrackWithMail();
        forgot("Owner@Example.com");
        MimeMessage message = mails(1).getFirst();
        assertThat(message.getAllRecipients()).extracting(Object::toString).containsExactly("owner@example.com");
        Matcher link = LINK.matcher(text(message));
        assertThat(link.find()).as(text(message)).isTrue();
        assertThat(link.group(1)).isEqualTo("recover");
        assertThat(message.getSubject()).doesNotContain("Acme");
        Answer chosen = server.nobody.post(
                "/api/v1/recover", "{'code':'" + link.group(2) + "','password':'" + People.PASSWORD + "'}");
        assertThat(chosen.status()).as(chosen.text()).isEqualTo(200);
        assertThat(TestingReader.at(server.running.port(), "owner@example.com", People.PASSWORD)
                        .open("/account")
                        .status())
                .isEqualTo(200);
        assertThat(server.owner.get("/api/v1/audit").items("/action")).contains("member.recovery.offered");
        assertThat(server.log.text() + server.rows()).doesNotContain(link.group(2));
    }

    @Test
    void everyMembershipGetsALinkOfItsOwn() {
        keyrackWithMail();
        People.accept(
                server,
                People.code(server.other.post("/api/v1/invitations", "{'email':'owner@example.com','role':'support'}")),
                People.PASSWORD);
        mail.waitForIncomingEmail(PATIENCE, 1);
        forgot("owner@example.com");
        List<String> texts = mails(3).stream().skip(1).map(MailTest::text).toList();
        assertThat(texts).anyMatch(t -> t.contains("“Acme”")).anyMatch(t -> t.contains("“Other”"));
        assertThat(texts.stream()
                        .map(LINK::matcher)
                        .filter(Matcher::find)
                        .map(found -> found.group(2))
                        .distinct())
                .hasSize(2);
    }

    @Test
    void everyAddressGetsTheSameAnswerAndOnlyAMembersGetsMail() {
        keyrackWithMail();
        Answer known = forgot("owner@example.com");
        Answer unknown = forgot("nobody@example.com");
        assertThat(unknown.json()).isEqualTo(known.json());
        // One after the other: when the later mail is there, nothing came of the one before.
        forgot("owner@example.org");
        assertThat(mails(2).stream().map(MailTest::to)).containsExactly("owner@example.com", "owner@example.org");
    }

    private static String to(MimeMessage message) {
        try {
            return GreenMailUtil.getAddressList(message.getAllRecipients());
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void addressGetsThreeMailsAnHourAndTheAnswerStaysTheSame() {
        keyrackWithMail();
        Answer first = forgot("owner@example.com");
        for (int i = 0; i < 6; i++) {
            assertThat(forgot("owner@example.com").json()).isEqualTo(first.json());
        }
        forgot("owner@example.org");
        assertThat(mails(4).stream().map(MailTest::to))
                .containsExactly("owner@example.com", "owner@example.com", "owner@example.com", "owner@example.org");
        server.byHand("UPDATE sign_in_failures SET last_at = last_at - "
                + Duration.ofHours(1).toNanos() / 1_000);
        forgot("owner@example.com");
        mails(5);
    }

    @Test
    void memberOfASuspendedOrganizationGetsNone() {
        keyrackWithMail();
        server.owner.post("/api/v1/organizations/" + server.otherOrganization + "/suspend");
        forgot("owner@example.org");
        forgot("owner@example.com");
        assertThat(mails(1).stream().map(MailTest::to)).containsExactly("owner@example.com");
    }

    @Test
    void withoutAMailServerEverybodyIsToldWhomToAskAndNothingIsMade() {
        server = TestingServer.start();
        Answer known = forgot("owner@example.com");
        assertThat(known.at("/detail")).contains("Owner", "./keyrack setup --reset-owner");
        assertThat(forgot("nobody@example.com").json()).isEqualTo(known.json());
        assertThat(server.rows().get("one_time_links")).isEmpty();
        assertThat(server.nobody
                        .post("/api/v1/forgotten", "{'email':'no address'}")
                        .pointers())
                .containsExactly("/email");
    }
}
