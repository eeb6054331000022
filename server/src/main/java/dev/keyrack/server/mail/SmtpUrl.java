package dev.keyrack.server.mail;

import dev.keyrack.verifier.Secret;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server that takes our mail, and as whom we send: {@code smtp://user:password@host:587?from=keys@example.com}, or
 * {@code smtps:} for one that speaks TLS from the first byte.
 *
 * <p>Guarantee: no message, and no {@code toString}, shows the password or any part of a URL that could not be read.
 */
public final class SmtpUrl {
    private static final String FORM = "smtp://user:password@host:587?from=keys@example.com";
    private static final Pattern ADDRESS = Pattern.compile("[^@\\s\\p{Cntrl}<>]{1,64}@[^@\\s\\p{Cntrl}<>]{1,189}");
    private static final int SUBMISSION = 587;
    private static final int SUBMISSION_TLS = 465;

    private final boolean tls;
    private final String host;
    private final int port;
    private final @Nullable String user;
    private final @Nullable Secret password;
    private final String from;

    private SmtpUrl(boolean tls, String host, int port, @Nullable String user, @Nullable Secret password, String from) {
        this.tls = tls;
        this.host = host;
        this.port = port;
        this.user = user;
        this.password = password;
        this.from = from;
    }

    /** @throws IllegalArgumentException with a text for the operator that repeats nothing of what could be a password */
    public static SmtpUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "cannot be read; the form is " + FORM + ", with %40 for an @ in the user or the password");
        }
        boolean tls = "smtps".equals(uri.getScheme());
        check(tls || "smtp".equals(uri.getScheme()), "must begin with smtp:// or smtps://; the form is " + FORM);
        String host = uri.getHost();
        check(host != null && uri.getRawFragment() == null, "names no server; the form is " + FORM);
        check(
                uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"),
                "has nothing between the server and the ?; the form is " + FORM);
        String credentials = uri.getRawUserInfo();
        int colon = credentials == null ? -1 : credentials.indexOf(':');
        check(credentials == null || colon > 0, "needs user and password, or neither; the form is " + FORM);
        String user = credentials == null ? null : decoded(credentials.substring(0, colon));
        Secret password = credentials == null ? null : Secret.of(decoded(credentials.substring(colon + 1)));
        String from = from(uri.getRawQuery(), user);
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? SUBMISSION_TLS : SUBMISSION;
        return new SmtpUrl(tls, java.util.Objects.requireNonNull(host), port, user, password, from);
    }

    private static String from(@Nullable String query, @Nullable String user) {
        check(
                query == null || (query.startsWith("from=") && query.indexOf('&') < 0),
                "knows no parameter but from; the form is " + FORM);
        String from = query != null ? decoded(query.substring("from=".length())) : user == null ? "" : user;
        check(ADDRESS.matcher(from).matches(), "must say which address sends: ?from=keys@example.com");
        return from;
    }

    /** As {@link URLDecoder}, but for a plus, which stays one. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static void check(boolean fits, String what) {
        if (!fits) {
            throw new IllegalArgumentException(what);
        }
    }

    /** Whether it speaks TLS from the first byte. */
    boolean tls() {
        return tls;
    }

    /** On this machine, nobody listens in between: everywhere else the connection must become TLS before anything is said. */
    boolean needsStartTls() {
        return !tls && !isLoopback();
    }

    private boolean isLoopback() {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host.replaceAll("^\\[|]$", "")).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    String host() {
        return host.replaceAll("^\\[|]$", "");
    }

    int port() {
        return port;
    }

    @Nullable
    String user() {
        return user;
    }

    @Nullable
    Secret password() {
        return password;
    }

    String from() {
        return from;
    }

    @Override
    public String toString() {
        return (tls ? "smtps" : "smtp") + "://" + host + ":" + port + ", from " + from;
    }
}
