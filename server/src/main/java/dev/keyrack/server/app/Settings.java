package dev.keyrack.server.app;

import dev.keyrack.gate.ClientAddress;
import dev.keyrack.gate.DatabaseUrl;
import dev.keyrack.gate.GateSettings;
import dev.keyrack.gate.Networks;
import dev.keyrack.server.conversations.ConversationLimit;
import dev.keyrack.server.mail.SmtpUrl;
import dev.keyrack.server.store.Database;
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

    /** What is set, line by line, without secrets. */
    public List<String> lines() {
        Path file = keyset.file();
        return List.of(
                "data                " + data,
                "database            " + (database == null ? "embedded, in the data folder" : database.toString()),
                "keyset              "
                        + (keyset.text() != null
                                ? "from the environment"
                                : file == null ? "in the data folder" : file.toString()),
                "control plane       " + host + " port " + port,
                "public URL          " + (publicUrl == null ? "none" : publicUrl),
                "gate                " + gate.host() + " port " + gate.port(),
                "brand               " + brand,
                "lease               " + lease.toMillis() + " ms in a new store",
                "trusted networks    "
                        + (gate.trustedNetworks().isEmpty() ? "none" : String.join(", ", gate.trustedNetworks())),
                "client address      "
                        + gate.clientAddress().map(ClientAddress::toString).orElse("of the connection"),
                "mail                " + (smtp == null ? "none is sent" : smtp.toString()),
                "backend networks    "
                        + (backendNetworks.isEmpty() ? "public addresses only" : "public ones, and " + backendNetworks),
                "revoked keys        kept for " + keepRevoked.toDays() + " days",
                "conversations       " + conversationLimit);
    }
}
