package dev.keyrack.server.app;

import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.gate.GateSettings;
import dev.keyrack.gate.Networks;
import dev.keyrack.server.conversations.ConversationLimit;
import dev.keyrack.server.mail.SmtpUrl;
import dev.keyrack.server.store.Database;
import dev.keyrack.server.texts.Texts;
import dev.keyrack.verifier.Sentence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How this installation runs. Read by {@link SettingsReader}.
 *
 * @param database the database on a server; nothing for the embedded one in the data folder
 * @param publicUrl where people and scripts reach the control plane; nothing when it is only reached directly
 * @param keyset where the master keyset is
 * @param lease how long leases are in a store that is new; afterwards the store's own lengths count
 * @param smtp the server that takes our mail; nothing where none is sent
 * @param backendNetworks networks in which backends of assistants are called although they are not public
 * @param keepRevoked how long a revoked key is kept
 * @param conversationLimit how many conversations may be started from one address
 */
public record Settings(
        Path data,
        @Nullable DatabaseUrl database,
        String host,
        int port,
        @Nullable String publicUrl,
        String brand,
        Database.KeysetPlace keyset,
        GateSettings gate,
        Duration lease,
        @Nullable SmtpUrl smtp,
        Networks backendNetworks,
        Duration keepRevoked,
        ConversationLimit conversationLimit) {

    /** Another installation, on the embedded store in this folder. */
    public Settings with(Path otherData, int otherPort, int otherGatePort) {
        return new Settings(
                otherData,
                null,
                host,
                otherPort,
                publicUrl,
                brand,
                new Database.KeysetPlace(null, null),
                gate.atPort(otherGatePort),
                lease,
                smtp,
                backendNetworks,
                keepRevoked,
                conversationLimit);
    }

    /** Whether people reach the control plane by HTTPS. */
    boolean https() {
        return publicUrl != null && publicUrl.startsWith("https:");
    }

    /** Where people will reach the control plane, once it is started; nothing where its port is still to be found. */
    @Nullable
    String reachedAt() {
        return publicUrl != null || port == 0 ? publicUrl : RunningServer.reachable(host, port);
    }

    /**
     * This installation on free ports of the loopback interface: for a command that starts it for itself. The links that it
     * makes lead to where it will be started for good.
     */
    public Settings onFreePorts() {
        return new Settings(
                data,
                database,
                "127.0.0.1",
                0,
                reachedAt(),
                brand,
                keyset,
                GateSettings.at("127.0.0.1", 0),
                lease,
                smtp,
                backendNetworks,
                keepRevoked,
                conversationLimit);
    }

    /** A setting and what it is set to, for a reader of any language. */
    public record Fact(Sentence name, Sentence value) {
        private static Fact of(String name, Sentence value) {
            return new Fact(Sentence.of(name), value);
        }
    }

    /** What is set, without secrets. */
    public List<Fact> facts() {
        return List.of(
                Fact.of("setting.data", as(data)),
                Fact.of("setting.database", database == null ? Sentence.of("setting.embedded") : as(database)),
                Fact.of("setting.keyset", placeOfKeyset()),
                Fact.of("setting.control-plane", listening(host, port)),
                Fact.of("setting.public-url", publicUrl == null ? Sentence.of("setting.none") : as(publicUrl)),
                Fact.of("setting.gate", listening(gate.host(), gate.port())),
                Fact.of("setting.brand", as(brand)),
                Fact.of("setting.lease", Sentence.of("setting.lease-is", String.valueOf(lease.toMillis()))),
                Fact.of(
                        "setting.trusted-networks",
                        gate.trustedNetworks().isEmpty()
                                ? Sentence.of("setting.none")
                                : as(String.join(", ", gate.trustedNetworks()))),
                Fact.of(
                        "setting.client-address",
                        gate.clientAddress()
                                .map(Settings::as)
                                .orElseGet(() -> Sentence.of("setting.of-the-connection"))),
                Fact.of("setting.mail", smtp == null ? Sentence.of("setting.no-mail") : as(smtp)),
                Fact.of(
                        "setting.backend-networks",
                        backendNetworks.isEmpty()
                                ? Sentence.of("setting.public-only")
                                : Sentence.of("setting.public-and", backendNetworks)),
                Fact.of("setting.revoked-keys", Sentence.of("setting.kept", keepRevoked.toDays())),
                Fact.of("setting.conversations", conversationLimit.sentence()));
    }

    private static Sentence as(Object value) {
        return Sentence.of("setting.as", value);
    }

    private static Sentence listening(String host, int port) {
        return Sentence.of("setting.listens", host, String.valueOf(port));
    }

    private Sentence placeOfKeyset() {
        if (keyset.text() != null) {
            return Sentence.of("setting.keyset-environment");
        }
        return keyset.file() == null ? Sentence.of("setting.keyset-folder") : as(keyset.file());
    }

    /** The same for a terminal, line by line. */
    public List<String> lines() {
        Texts english = Texts.english();
        return facts().stream()
                .map(fact -> "%-20s%s".formatted(english.text(fact.name()), english.text(fact.value())))
                .toList();
    }
}
