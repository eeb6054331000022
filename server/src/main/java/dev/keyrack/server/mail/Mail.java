package dev.keyrack.server.mail;

import dev.keyrack.verifier.Secret;
import jakarta.mail.Address;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends mail, when the operator has named a server for it.
 *
 * <p>Guarantees: nothing fails because a mail could not be sent; neither what it says nor to whom it goes stands in the log;
 * over a network, nothing is said before the connection is TLS with a certificate of that server.
 */
public final class Mail {
    private static final Logger LOG = LoggerFactory.getLogger(Mail.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final @Nullable SmtpUrl server;
    private final @Nullable SSLSocketFactory trusting;

    /** @param server nothing where no mail is sent */
    public Mail(@Nullable SmtpUrl server) {
        this(server, null);
    }

    /** @param trusting knows which certificates are good; nothing for what the Java platform trusts */
    Mail(@Nullable SmtpUrl server, @Nullable SSLSocketFactory trusting) {
        this.server = server;
        this.trusting = trusting;
    }

    /** Whether there is a server to send it. */
    public boolean isSet() {
        return server != null;
    }

    /** Sends a plain text, and waits until the server has taken it. Whether it has. */
    public boolean send(String to, String subject, String text) {
        SmtpUrl by = server;
        if (by == null) {
            return false;
        }
        try {
            Session session = Session.getInstance(properties(by), login(by));
            MimeMessage message = new MimeMessage(session);
            message.setFrom(new InternetAddress(by.from()));
            message.setRecipients(Message.RecipientType.TO, new Address[] {address(to)});
            message.setSubject(subject, StandardCharsets.UTF_8.name());
            message.setText(text, StandardCharsets.UTF_8.name());
            // No machine that answers mail by itself shall answer this one (RFC 3834).
            message.setHeader("Auto-Submitted", "auto-generated");
            Transport.send(message);
            return true;
        } catch (AddressException e) {
            LOG.warn("a mail could not be sent: its address is none that a mail can go to");
            return false;
        } catch (MessagingException e) {
            // Of the exception only its kind: servers repeat addresses and more in what they say.
            LOG.warn(
                    "a mail could not be sent through {}: {}. Check KEYRACK_SMTP_URL and that server's log",
                    by,
                    e.getClass().getSimpleName());
            return false;
        }
    }

    /** One address, in its plain form: nothing that the parser would take for several, or for a name with an address. */
    private static InternetAddress address(String text) throws AddressException {
        InternetAddress address = new InternetAddress();
        address.setAddress(text);
        address.validate();
        return address;
    }

    private Properties properties(SmtpUrl by) {
        String protocol = "mail.smtp.";
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol", "smtp");
        properties.setProperty(protocol + "host", by.host());
        properties.setProperty(protocol + "port", String.valueOf(by.port()));
        properties.setProperty(protocol + "auth", String.valueOf(by.user() != null));
        properties.setProperty(protocol + "ssl.enable", String.valueOf(by.tls()));
        properties.setProperty(protocol + "starttls.enable", "true");
        properties.setProperty(protocol + "starttls.required", String.valueOf(by.needsStartTls()));
        properties.setProperty(protocol + "ssl.checkserveridentity", "true");
        if (trusting != null) {
            properties.put(protocol + "ssl.socketFactory", trusting);
        }
        String patience = String.valueOf(PATIENCE.toMillis());
        properties.setProperty(protocol + "connectiontimeout", patience);
        properties.setProperty(protocol + "timeout", patience);
        properties.setProperty(protocol + "writetimeout", patience);
        return properties;
    }

    private static @Nullable Authenticator login(SmtpUrl by) {
        String user = by.user();
        Secret password = by.password();
        if (user == null || password == null) {
            return null;
        }
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(user, password.reveal());
            }
        };
    }
}
