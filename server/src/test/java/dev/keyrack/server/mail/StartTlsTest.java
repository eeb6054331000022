package dev.keyrack.server.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.server.SMTPServer;

/** Promise: over a network, mail goes through a connection that became TLS, to the server whose certificate it is, or not at all. */
class StartTlsTest {
    private static final char[] STORE = "for a test".toCharArray();

    /** All addresses of this machine, which is no loopback address. */
    private static final String HERE = "0.0.0.0";

    @TempDir
    Path folder;

    private final List<String> taken = new CopyOnWriteArrayList<>();
    private @Nullable SMTPServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop();
        }
    }

    /** @param name of the server in its certificate, as keytool takes it */
    private KeyStore certificate(String name) throws Exception {
        Path file = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "mail",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=mail",
                        "-ext",
                        "san=" + name,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(STORE))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, STORE);
        }
        return store;
    }

    /** A server that takes nothing before STARTTLS, and its address for us. */
    private SmtpUrl server(KeyStore certificate) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(certificate, STORE);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        SMTPServer started = SMTPServer.port(0)
                .bindAddress(InetAddress.getByName(HERE))
                .hostName("localhost")
                .startTlsSocketFactory(tls)
                .enableTLS()
                .requireTLS()
                .messageHandler(
                        (context, from, to, data) -> taken.add(to + " " + new String(data, StandardCharsets.UTF_8)))
                .build();
        server = started;
        started.start();
        return SmtpUrl.parse("smtp://" + HERE + ":" + started.getPortAllocated() + "?from=keys@example.com");
    }

    private static Mail trusting(SmtpUrl url, KeyStore certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("mail", certificate.getCertificate("mail"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return new Mail(url, tls.getSocketFactory());
    }

    @Test
    void mailGoesThroughAConnectionThatBecameTls() throws Exception {
        KeyStore certificate = certificate("ip:" + HERE);
        Mail mail = trusting(server(certificate), certificate);
        assertThat(mail.send("jane@example.com", "Hello", "The link.")).isTrue();
        assertThat(taken)
                .singleElement()
                .asString()
                .startsWith("jane@example.com")
                .contains("The link.");
    }

    @Test
    void serverWhoseCertificateIsAnothersGetsNothing() throws Exception {
        KeyStore certificate = certificate("dns:elsewhere.example.com");
        Mail mail = trusting(server(certificate), certificate);
        assertThat(mail.send("jane@example.com", "Hello", "The link.")).isFalse();
        assertThat(taken).isEmpty();
    }

    @Test
    void serverWhoseCertificateNobodyVouchesForGetsNothing() throws Exception {
        assertThat(new Mail(server(certificate("ip:" + HERE))).send("jane@example.com", "Hello", "The link."))
                .isFalse();
        assertThat(taken).isEmpty();
    }
}
