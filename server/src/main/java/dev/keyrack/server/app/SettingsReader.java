package dev.keyrack.server.app;

import dev.keyrack.gate.ClientAddress;
import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.gate.GateSettings;
import dev.keyrack.gate.Networks;
import dev.keyrack.server.conversations.ConversationLimit;
import dev.keyrack.server.mail.SmtpUrl;
import dev.keyrack.server.store.CannotStart;
import dev.keyrack.server.store.Database;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.TokenFormat;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads the settings: {@code keyrack.yaml}, then the environment, which wins. {@code KEYRACK_GATE_PORT} is
 * {@code gate-port} in the file. Every error is told at once.
 */
public final class SettingsReader {
    private static final Set<String> KNOWN = Set.of(
            "data",
            "database-url",
            "host",
            "port",
            "gate-host",
            "gate-port",
            "public-url",
            "brand",
            "keyset-file",
            "keyset",
            "lease",
            "trusted-networks",
            "client-address",
            "smtp-url",
            "backend-networks",
            "keep-revoked",
            "conversation-limit");

    /** Settings of the agreed design that this version cannot honour: better refused than silently ignored. */
    private static final Set<String> LATER = Set.of("tls-certificate", "tls-key", "redis-url");

    /** Read before the settings file is, by the start script and the command line: from the environment alone. */
    private static final Set<String> ELSEWHERE = Set.of("verifier", "java-options", "log");

    private static final Pattern LENGTH = Pattern.compile("([0-9]{1,6})(ms|s|m)");
    private static final Pattern DAYS = Pattern.compile("([1-9][0-9]{0,4})d");
    private static final int MOST_DAYS = 36_500;
    private static final Duration SHORTEST_LEASE = Duration.ofMillis(500);
    private static final Duration LONGEST_LEASE = Duration.ofMinutes(10);

    private final Map<String, String> values = new TreeMap<>();
    private final Map<String, String> origins = new HashMap<>();
    private final List<String> errors = new ArrayList<>();

    private SettingsReader(Path file, Map<String, String> environment) {
        readFile(file);
        readEnvironment(environment);
        checkNames();
    }

    /**
     * @param file the settings file, which need not be there
     * @throws CannotStart with every error
     */
    public static Settings read(Path file, Map<String, String> environment) {
        SettingsReader reader = new SettingsReader(file, environment);
        Settings settings = reader.settings();
        reader.requireDistinctPorts(settings);
        reader.requireNoErrors();
        return settings;
    }

    /**
     * As above, for a gate alone: the settings of the control plane may be there and must be valid, and are not used.
     *
     * @throws CannotStart with every error
     */
    static GateOnlySettings readForGate(Path file, Map<String, String> environment) {
        SettingsReader reader = new SettingsReader(file, environment);
        Settings settings = reader.settings();
        reader.requireNoErrors();
        if (settings.database() == null) {
            throw new CannotStart(
                    "A gate follows a PostgreSQL database, and KEYRACK_DATABASE_URL names none. The embedded"
                            + " store has one process, which verifies too: use ./keyrack serve for that.");
        }
        return new GateOnlySettings(settings.gate(), settings.database());
    }

    private void requireDistinctPorts(Settings settings) {
        if (settings.port() == settings.gate().port() && settings.port() != 0) {
            errors.add(shown("gate-port") + ": must differ from the control plane's port, " + settings.port());
        }
    }

    private void requireNoErrors() {
        if (!errors.isEmpty()) {
            throw new CannotStart("The settings do not fit:\n  " + String.join("\n  ", errors));
        }
    }

    private void readFile(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try (var in = Files.newBufferedReader(file)) {
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            Object content = new Yaml(new SafeConstructor(options)).load(in);
            if (content == null) {
                return;
            }
            if (!(content instanceof Map<?, ?> map)) {
                errors.add(file + ": must be a list of settings such as `port: 8080`");
                return;
            }
            map.forEach((name, value) -> fromFile(String.valueOf(name), file + ": " + name, text(value)));
        } catch (IOException | YAMLException e) {
            errors.add(file + ": cannot be read: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private void fromFile(String name, String shown, String value) {
        if (ELSEWHERE.contains(name)) {
            errors.add(shown + ": is read from the environment alone; set " + inEnvironment(name) + " there");
        } else {
            set(name, shown, value);
        }
    }

    /** A setting without a value is not set. */
    private void set(String name, String shown, String value) {
        if (!value.isBlank()) {
            values.put(name, value.strip());
            origins.put(name, shown);
        }
    }

    private static String text(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        return value instanceof List<?> list
                ? String.join(",", list.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }

    private void readEnvironment(Map<String, String> environment) {
        environment.forEach((name, value) -> {
            if (name.startsWith("KEYRACK_")) {
                String setting = name.substring("KEYRACK_".length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
                set(setting, name, value);
            }
        });
    }

    private void checkNames() {
        for (String name : values.keySet()) {
            if (LATER.contains(name)) {
                errors.add(shown(name) + ": is not supported by this version; remove it");
            } else if (name.equals("log") && !LogSetup.FORMS.contains(values.get(name))) {
                errors.add(shown(name) + ": must be one of " + String.join(", ", LogSetup.FORMS));
            } else if (!KNOWN.contains(name) && !ELSEWHERE.contains(name)) {
                errors.add(shown(name) + ": is no setting; known are "
                        + String.join(
                                ", ",
                                Stream.concat(KNOWN.stream(), ELSEWHERE.stream())
                                        .sorted()
                                        .map(SettingsReader::inEnvironment)
                                        .toList()));
            }
        }
    }

    /** The setting as whoever set it wrote it. */
    private String shown(String name) {
        return origins.getOrDefault(name, inEnvironment(name));
    }

    private static String inEnvironment(String name) {
        return "KEYRACK_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private Settings settings() {
        String keysetFile = values.get("keyset-file");
        String keyset = values.get("keyset");
        if (keysetFile != null && keyset != null) {
            errors.add("KEYRACK_KEYSET: stands beside KEYRACK_KEYSET_FILE; set one of them");
        }
        String brand = values.getOrDefault("brand", "kr");
        if (!TokenFormat.isBrand(brand)) {
            errors.add(shown("brand") + ": must be 2 to 12 characters of a-z and 0-9");
        }
        return new Settings(
                path(values.getOrDefault("data", "data")),
                database(),
                values.getOrDefault("host", "127.0.0.1"),
                port("port", 8080),
                publicUrl(),
                brand,
                new Database.KeysetPlace(
                        keysetFile == null ? null : path(keysetFile), keyset == null ? null : Secret.of(keyset)),
                gate(port("gate-port", 8081)),
                lease(),
                smtp(),
                backendNetworks(),
                keepRevoked(),
                conversationLimit());
    }

    /** Absolute, so that every message names the file in full. */
    private static Path path(String text) {
        return Path.of(text).toAbsolutePath().normalize();
    }

    private @Nullable DatabaseUrl database() {
        String text = values.get("database-url");
        try {
            return text == null ? null : DatabaseUrl.parse(text);
        } catch (IllegalArgumentException e) {
            errors.add(shown("database-url") + ": " + e.getMessage());
            return null;
        }
    }

    private @Nullable SmtpUrl smtp() {
        String text = values.get("smtp-url");
        try {
            return text == null ? null : SmtpUrl.parse(text);
        } catch (IllegalArgumentException e) {
            errors.add(shown("smtp-url") + ": " + e.getMessage());
            return null;
        }
    }

    private Networks backendNetworks() {
        String text = values.get("backend-networks");
        try {
            return Networks.parse(
                    text == null
                            ? List.of()
                            : Arrays.stream(text.split(",", -1))
                                    .map(String::strip)
                                    .toList());
        } catch (IllegalArgumentException e) {
            errors.add(shown("backend-networks") + ": " + e.getMessage());
            return Networks.parse(List.of());
        }
    }

    private ConversationLimit conversationLimit() {
        String text = values.get("conversation-limit");
        try {
            return text == null ? ConversationLimit.USUAL : ConversationLimit.parse(text);
        } catch (IllegalArgumentException e) {
            errors.add(shown("conversation-limit") + ": " + e.getMessage());
            return ConversationLimit.USUAL;
        }
    }

    private GateSettings gate(int port) {
        GateSettings gate = GateSettings.at(values.getOrDefault("gate-host", "127.0.0.1"), port);
        String networks = values.get("trusted-networks");
        if (networks != null) {
            try {
                gate = gate.trusting(Arrays.stream(networks.split(",", -1))
                        .map(String::strip)
                        .toList());
            } catch (IllegalArgumentException e) {
                errors.add(shown("trusted-networks") + ": " + e.getMessage());
            }
        }
        String clientAddress = values.get("client-address");
        if (clientAddress != null) {
            try {
                gate = gate.withClientAddress(ClientAddress.parse(clientAddress));
            } catch (IllegalArgumentException e) {
                errors.add(shown("client-address") + ": " + e.getMessage());
            }
        }
        return gate;
    }

    private int port(String name, int fallback) {
        String text = values.get(name);
        if (text == null) {
            return fallback;
        }
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535) {
            return Integer.parseInt(text);
        }
        errors.add(shown(name) + ": must be a port from 0 to 65535, where 0 picks a free one");
        return fallback;
    }

    private Duration lease() {
        Matcher length = LENGTH.matcher(values.getOrDefault("lease", "5s"));
        if (length.matches()) {
            long number = Long.parseLong(length.group(1));
            Duration lease = switch (length.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                default -> Duration.ofMinutes(number);
            };
            if (lease.compareTo(SHORTEST_LEASE) >= 0 && lease.compareTo(LONGEST_LEASE) <= 0) {
                return lease;
            }
        }
        errors.add(shown("lease") + ": must be a time from 500ms to 10m, such as 5s");
        return LONGEST_LEASE;
    }

    private Duration keepRevoked() {
        Matcher days = DAYS.matcher(values.getOrDefault("keep-revoked", "90d"));
        if (days.matches() && Integer.parseInt(days.group(1)) <= MOST_DAYS) {
            return Duration.ofDays(Integer.parseInt(days.group(1)));
        }
        errors.add(shown("keep-revoked") + ": must be a number of days from 1d to " + MOST_DAYS + "d, such as 90d");
        return Duration.ofDays(MOST_DAYS);
    }

    private @Nullable String publicUrl() {
        String text = values.get("public-url");
        if (text == null) {
            return null;
        }
        try {
            URI uri = URI.create(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getRawQuery() == null && uri.getRawUserInfo() == null) {
                return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
            }
        } catch (IllegalArgumentException e) {
            // Told below, together with the URLs that are well-formed but of no use.
        }
        errors.add(shown("public-url") + ": must be an address such as https://keys.example.com");
        return null;
    }
}
