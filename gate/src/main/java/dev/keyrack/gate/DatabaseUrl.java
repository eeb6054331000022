package dev.keyrack.gate;

import dev.keyrack.verifier.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where the PostgreSQL database is, and who asks: {@code postgresql://user:password@host:port/database?sslmode=require}.
 *
 * <p>Guarantee: no message, and no {@code toString}, shows the password or any part of a URL that could not be read. What
 * stands between the separators is percent-encoded UTF-8 (RFC 3986, 2.1).
 */
public final class DatabaseUrl {
    private static final String FORM = "postgresql://user:password@host:5432/database";
    private static final int PORT = 5432;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Set<String> MODES =
            Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    /** What libpq calls it, and this driver too. The files are PEM, the key PKCS 8. */
    private static final List<String> PARAMETERS = List.of("sslmode", "sslrootcert", "sslcert", "sslkey");

    private final String user;
    private final @Nullable Secret password;
    private final String host;
    private final int port;
    private final String database;
    private final Map<String, String> parameters;

    private DatabaseUrl(
            String user,
            @Nullable Secret password,
            String host,
            int port,
            String database,
            Map<String, String> parameters) {
        this.user = user;
        this.password = password;
        this.host = host;
        this.port = port;
        this.database = database;
        this.parameters = Map.copyOf(parameters);
    }

    /** @throws IllegalArgumentException with a text for the operator that repeats nothing of what could be a password */
    public static DatabaseUrl parse(String text) {
        String rest = afterScheme(text.strip());
        int slash = rest.indexOf('/');
        check(slash >= 0, "names no database; the form is " + FORM);
        String authority = rest.substring(0, slash);
        check(
                authority.indexOf('?') < 0 && authority.indexOf('#') < 0,
                "must have no ? or # before the database; write %3F and %23 for those in the password");
        String path = rest.substring(slash + 1);
        int question = path.indexOf('?');
        String database = decoded(question < 0 ? path : path.substring(0, question));
        check(path.indexOf('#') < 0, "must have no # in it; write %23 for one that belongs to a name");
        check(
                !database.isEmpty() && database.indexOf('/') < 0,
                "must name one database after the host; write %2F for a / in the password; the form is " + FORM);
        int at = authority.lastIndexOf('@');
        check(at > 0, "names no user; the form is " + FORM);
        String credentials = authority.substring(0, at);
        int colon = credentials.indexOf(':');
        String user = decoded(colon < 0 ? credentials : credentials.substring(0, colon));
        check(!user.isEmpty(), "names no user; the form is " + FORM);
        Secret password = colon < 0 ? null : Secret.of(decoded(credentials.substring(colon + 1)));
        String place = authority.substring(at + 1);
        int end = place.startsWith("[") ? place.indexOf(']') + 1 : place.indexOf(':');
        String host = end <= 0 ? place : place.substring(0, end);
        // A comma would be a list of hosts, which libpq knows and we do not.
        check(host.matches("[0-9A-Za-z._-]+|\\[[0-9A-Fa-f:.]+\\]"), "must name one host; the form is " + FORM);
        String after = place.substring(host.length());
        return new DatabaseUrl(
                user,
                password,
                host,
                after.isEmpty() ? PORT : port(after.substring(1)),
                database,
                question < 0 ? Map.of() : parameters(path.substring(question + 1)));
    }

    private static String afterScheme(String text) {
        for (String scheme : List.of("postgresql://", "postgres://")) {
            if (text.startsWith(scheme)) {
                return text.substring(scheme.length());
            }
        }
        throw new IllegalArgumentException("must begin with postgresql://; the form is " + FORM);
    }

    private static int port(String text) {
        check(
                text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65_535,
                "must have a port from 1 to 65535; write %3A for a : in the password");
        return Integer.parseInt(text);
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            check(PARAMETERS.contains(name), "may have the parameters " + String.join(", ", PARAMETERS) + " only");
            String value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
            check(!value.isEmpty(), "has the parameter " + name + " without a value");
            check(all.put(name, value) == null, "has the parameter " + name + " twice");
        }
        String mode = all.get("sslmode");
        check(
                mode == null || MODES.contains(mode),
                "must have an sslmode of disable, allow, prefer, require, verify-ca or verify-full");
        return all;
    }

    private static String decoded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer plain = ByteBuffer.allocate(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                plain.put(bytes[i]);
                continue;
            }
            check(i + 2 < bytes.length, "has a % that encodes nothing; write %25 for one that is meant");
            int high = Character.digit(bytes[++i], 16);
            int low = Character.digit(bytes[++i], 16);
            check(high >= 0 && low >= 0, "has a % that encodes nothing; write %25 for one that is meant");
            plain.put((byte) (high * 16 + low));
        }
        try {
            String decoded =
                    StandardCharsets.UTF_8.newDecoder().decode(plain.flip()).toString();
            check(decoded.indexOf('\0') < 0, "must have no %00 in it");
            return decoded;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("must be percent-encoded UTF-8");
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /**
     * Connections of the driver, each call a new one.
     *
     * <p>Nothing is kept in the session between two transactions, and no statement is prepared beyond one, so that a
     * pooler in transaction mode may stand in between.
     *
     * @param application what PostgreSQL shows for these connections
     * @param answerTime how long the server may be silent before a connection is given up; zero: for ever
     */
    public DataSource connections(String application, Duration answerTime) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(user);
        if (password != null) {
            source.setPassword(password.reveal());
        }
        String mode = parameters.get("sslmode");
        if (mode != null) {
            source.setSslMode(mode);
        }
        source.setSslRootCert(parameters.get("sslrootcert"));
        source.setSslCert(parameters.get("sslcert"));
        source.setSslKey(parameters.get("sslkey"));
        source.setApplicationName(application);
        source.setPrepareThreshold(0);
        source.setTcpKeepAlive(true);
        source.setConnectTimeout(Math.toIntExact(CONNECT.toSeconds()));
        source.setLoginTimeout(Math.toIntExact(CONNECT.multipliedBy(2).toSeconds()));
        source.setSocketTimeout(Math.toIntExact(answerTime.toSeconds()));
        // A server's error may quote the row that broke a rule: digests, ciphertexts, people's addresses.
        source.setLogServerErrorDetail(false);
        return source;
    }

    /** For messages: {@code host:port}. */
    public String server() {
        return host + ":" + port;
    }

    public String database() {
        return database;
    }

    public String user() {
        return user;
    }

    /** The same place without the password: for people, not for programs. */
    @Override
    public String toString() {
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (String name : PARAMETERS) {
            String value = parameters.get(name);
            if (value != null) {
                query.add(name + "=" + value);
            }
        }
        return "postgresql://" + user + "@" + server() + "/" + database + query;
    }
}
