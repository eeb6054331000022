package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.portal.Form;
import dev.keyrack.verifier.App;
import dev.keyrack.verifier.Check;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.Permissions;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Sentence;
import dev.keyrack.verifier.Simulation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** "Try it": what a key answers to whoever comes from there, and why. What is asked stands in the address. */
public final class KeyTrial {
    private static final int LONGEST = 2_048;
    private static final List<String> FIELDS = List.of("origin", "ip", "app", "permission");

    private KeyTrial() {}

    /**
     * @param code the code of what is tested
     * @param outcome one of not-set, held, refused, observed
     */
    public record Tested(
            String code,
            String outcome,
            Sentence says,
            @Nullable String nearest) {}

    /**
     * @param code of the verdict; empty where nothing was asked
     * @param misread whether the permission is none that can be asked for
     */
    public record Model(Form form, String code, List<Tested> checks, boolean misread) {
        public boolean valid() {
            return code.equals(Code.VALID.name());
        }
    }

    static Model of(Caller caller, Form form, Key key, KeyRefusals refusals) {
        if (FIELDS.stream().allMatch(field -> typed(form, field).isEmpty())) {
            return new Model(form, "", List.of(), false);
        }
        Optional<String> permission = typed(form, "permission");
        if (permission.filter(text -> !Permissions.isQuestion(text)).isPresent()) {
            return new Model(form, "", List.of(), true);
        }
        Question question = Question.of("")
                .origin(typed(form, "origin").orElse(null))
                .ip(typed(form, "ip").orElse(null))
                .app(typed(form, "app").map(App.Asked::of).orElse(null))
                .permission(permission.orElse(null));
        Simulation.Answer answer = refusals.simulate(caller, key.id().value(), question, caller.at());
        return new Model(
                form,
                answer.code().name(),
                answer.checks().stream().map(KeyTrial::tested).toList(),
                false);
    }

    private static Optional<String> typed(Form form, String field) {
        return Stream.of(form.value(field).strip())
                .filter(text -> !text.isEmpty() && text.length() <= LONGEST)
                .findFirst();
    }

    private static Tested tested(Check check) {
        return new Tested(
                check.refusal().name(),
                check.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                check.says(),
                check.nearest().orElse(null));
    }
}
