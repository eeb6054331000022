package dev.keyrack.server.app;

import dev.keyrack.server.cli.Launcher;
import dev.keyrack.server.store.CannotStart;
import dev.keyrack.server.store.DataFolder;
import java.nio.file.Path;
import java.util.List;

/** What the command line needs of the program itself. */
final class ServerLauncher implements Launcher {
    private static final Path FILE = Path.of("keyrack.yaml");

    @Override
    public String version() {
        String version = Keyrack.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private Settings settings() {
        return SettingsReader.read(FILE, System.getenv());
    }

    @Override
    public List<String> checkedSettings() {
        return settings().lines();
    }

    @Override
    public Serving serve() {
        return serving(RunningServer.start(settings(), version()));
    }

    @Override
    public Gating gate() {
        GateOnlySettings settings = SettingsReader.readForGate(FILE, System.getenv());
        RunningGate gate = RunningGate.start(settings, version());
        return new Gating(gate.summary(), RunningGate.reachable(settings.gate().host()), gate.port(), gate::close);
    }

    @Override
    public Serving serveThrowAway(Path folder) {
        Settings wanted = settings();
        return serving(RunningServer.start(
                wanted.with(
                        folder,
                        freeOrZero(wanted.host(), wanted.port()),
                        freeOrZero(wanted.gate().host(), wanted.gate().port())),
                version()));
    }

    private static int freeOrZero(String host, int port) {
        try (var socket = new java.net.ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new java.net.InetSocketAddress(host, port));
            return port;
        } catch (java.io.IOException e) {
            return 0;
        }
    }

    private static Serving serving(RunningServer server) {
        return new Serving(server.summary(), target(server.dataFolder()), server::close);
    }

    private static Target target(Path folder) {
        ControlFile.Running running = ControlFile.read(folder)
                .orElseThrow(() -> new IllegalStateException("a running server has its control file"));
        return new Target(running.url(), running.gateUrl(), running.operator());
    }

    @Override
    public Session session() {
        Settings settings = settings();
        if (settings.database() == null && !DataFolder.holdsStore(settings.data())) {
            throw new CannotStart("There is no store in "
                    + settings.data()
                    + " yet. Make one with ./keyrack setup or ./keyrack start, or name another folder in"
                    + " KEYRACK_DATA.");
        }
        return session(settings);
    }

    @Override
    public Session sessionForSetup() {
        return session(settings());
    }

    @Override
    public Session runningSession() {
        Settings settings = settings();
        if (!DataFolder.taken(settings.data())) {
            throw new CannotStart("Keyrack is not running on " + settings.data()
                    + ". Start it with ./keyrack start, then run this again in another terminal.");
        }
        return running(settings);
    }

    private static Session running(Settings settings) {
        return ControlFile.read(settings.data())
                .map(r -> new Session(new Target(r.url(), r.gateUrl(), r.operator()), List.of(), true, () -> {}))
                .orElseThrow(() -> new CannotStart(
                        "A Keyrack process on " + settings.data() + " is just starting or stopping. Try again."));
    }

    private Session session(Settings settings) {
        if (DataFolder.taken(settings.data())) {
            return running(settings);
        }
        RunningServer server = RunningServer.start(settings.onFreePorts(), version());
        return new Session(
                target(settings.data()),
                server.made() ? server.backUp() : List.of(),
                settings.reachedAt() != null,
                server::close);
    }
}
