package dev.keyrack.bench;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** A {@link Comparison} for programs: every round, the medians, and the targets. */
final class ComparisonJson {
    private ComparisonJson() {}

    static void write(Path file, Machine machine, String setting, Comparison comparison) throws IOException {
        try (JsonGenerator out = new JsonFactory().createGenerator(file.toFile(), JsonEncoding.UTF8)) {
            out.useDefaultPrettyPrinter();
            out.writeStartObject();
            machine(out, machine);
            out.writeStringField("setting", setting);
            out.writeArrayFieldStart("contenders");
            for (Endpoint endpoint : Endpoint.values()) {
                for (String contender : List.of(Comparison.KEYRACK, Comparison.NO_OP, Comparison.NGINX)) {
                    if (!comparison.of(contender, endpoint).isEmpty()) {
                        contender(out, comparison, endpoint, contender);
                    }
                }
            }
            out.writeEndArray();
            out.writeArrayFieldStart("targets");
            for (Comparison.Target target : comparison.targets()) {
                target(out, comparison, target);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
    }

    private static void machine(JsonGenerator out, Machine machine) throws IOException {
        out.writeObjectFieldStart("machine");
        out.writeStringField("processor", machine.processor());
        out.writeNumberField("cores", machine.cores());
        out.writeStringField("jdk", machine.jdk());
        out.writeStringField("kernel", machine.kernel());
        out.writeStringField("at", machine.at().toString());
        out.writeEndObject();
    }

    private static void contender(JsonGenerator out, Comparison comparison, Endpoint endpoint, String contender)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("endpoint", endpoint.text());
        out.writeStringField("contender", contender);
        number(out, "requestsPerSecond", comparison.median(contender, endpoint, Round::perSecond));
        number(out, "p50Micros", comparison.median(contender, endpoint, Round::p50));
        number(out, "p99Micros", comparison.median(contender, endpoint, Round::p99));
        number(out, "p999Micros", comparison.median(contender, endpoint, Round::p999));
        number(out, "ratioToNoOp", comparison.ratio(contender, Comparison.NO_OP, endpoint));
        number(out, "serverMicrosPerRequest", comparison.median(contender, endpoint, Round::serverMicros));
        out.writeNumberField("generatorBoundRounds", comparison.generatorBound(contender, endpoint));
        out.writeArrayFieldStart("rounds");
        for (Round round : comparison.of(contender, endpoint)) {
            out.writeStartObject();
            out.writeNumberField("number", round.number());
            out.writeNumberField("requestsPerSecond", round.perSecond());
            out.writeNumberField("p50Micros", round.p50());
            out.writeNumberField("p99Micros", round.p99());
            out.writeNumberField("p999Micros", round.p999());
            out.writeNumberField("serverBusy", round.serverBusy());
            out.writeNumberField("generatorBusy", round.generatorBusy());
            out.writeBooleanField("generatorBound", round.generatorBound());
            out.writeBooleanField("disturbed", round.disturbed());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void target(JsonGenerator out, Comparison comparison, Comparison.Target target) throws IOException {
        OptionalDouble ratio = comparison.ratio(Comparison.KEYRACK, target.beside(), target.endpoint());
        out.writeStartObject();
        out.writeStringField("endpoint", target.endpoint().text());
        out.writeStringField("beside", target.beside());
        out.writeNumberField("atLeast", target.ratio());
        number(out, "ratio", ratio);
        if (ratio.isPresent()) {
            out.writeBooleanField("met", ratio.getAsDouble() >= target.ratio());
        }
        out.writeEndObject();
    }

    private static void number(JsonGenerator out, String name, OptionalDouble value) throws IOException {
        if (value.isPresent()) {
            out.writeNumberField(name, value.getAsDouble());
        } else {
            out.writeNullField(name);
        }
    }
}
