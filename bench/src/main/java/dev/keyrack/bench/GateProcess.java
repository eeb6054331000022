package dev.keyrack.bench;

import dev.keyrack.gate.Gate;
import dev.keyrack.gate.GateSettings;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Verifier;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The measured gate: the product's own, with one event loop, over a replica that was filled without a store. */
@Command(name = GateProcess.NAME, hidden = true, description = "A gate over generated keys; what verify measures.")
final class GateProcess implements Callable<Integer> {
    static final String NAME = "gate-process";

    @Option(names = "--keys", required = true)
    private int keys;

    @Option(names = "--restricted", description = "Keys that each have a policy of their own.")
    private boolean restricted;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Population population =
                restricted ? Population.restricted(VerifyBench.SEED, keys) : new Population(VerifyBench.SEED, keys);
        Replica replica = population.replica();
        Verifier verifier = GateVerifier.of(replica);
        GateSettings settings = GateSettings.at("127.0.0.1", 0).withEventLoops(1);
        if (restricted) {
            settings = settings.withClientAddress(Endpoint.CLIENT_ADDRESS);
        }
        try (Gate gate =
                Gate.start(settings, replica, verifier, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))) {
            ServerProcess.listening(spec.commandLine().getOut(), gate.port());
        }
        return 0;
    }
}
