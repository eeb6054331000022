package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.texts.Texts;
import dev.keyrack.verifier.App;
import dev.keyrack.verifier.Check;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.Permissions;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.Sentence;
import dev.keyrack.verifier.Simulation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Why a key was refused, and whether it would be, over HTTP. */
@RestController
@RequestMapping(path = "/api/v1/keys/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
public final class KeyRefusalsApi {
    private static final int MAX_TEXT = 2_048;

    /** Of each part of an app, as gates take it. */
    private static final int MAX_APP = 400;

    private final KeyRefusals refusals;

    public KeyRefusalsApi(KeyRefusals refusals) {
        this.refusals = refusals;
    }

    /** The rule that a code stands for, as people know it. */
    private static String ruleOf(Code code) {
        return switch (code) {
            case REVOKED -> "revocation";
            case EXPIRED -> "expiry";
            case DISABLED -> "state";
            case SUSPENDED -> "organization";
            case WEBSITE_NOT_ALLOWED -> "websites";
            case NETWORK_NOT_ALLOWED -> "networks";
            case APP_NOT_ALLOWED -> "apps";
            case PERMISSION_DENIED -> "permissions";
            case RATE_LIMITED, QUOTA_EXCEEDED -> "limits";
            case STALE, MALFORMED, UNKNOWN, VALID ->
                throw new IllegalStateException(code + " is decided by no rule of a key");
        };
    }

    record CheckBody(
            String rule,
            String code,
            String outcome,
            @Nullable String seen,
            @Nullable String nearest,
            String detail) {
        static CheckBody of(Check check) {
            return new CheckBody(
                    ruleOf(check.refusal()),
                    check.refusal().name(),
                    check.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    check.seen().orElse(null),
                    check.nearest().orElse(null),
                    Texts.english().text(check.says()));
        }
    }

    record SimulationAnswer(boolean valid, String code, List<CheckBody> checks) {
        static SimulationAnswer of(Simulation.Answer answer) {
            return new SimulationAnswer(
                    answer.code() == Code.VALID,
                    answer.code().name(),
                    answer.checks().stream().map(CheckBody::of).toList());
        }
    }

    @PostMapping("/simulate")
    SimulationAnswer simulate(Caller caller, @PathVariable String id, HttpServletRequest request) {
        JsonInput in = Requests.optionalBody(request);
        Question question = Question.of("")
                .origin(text(in, "origin", MAX_TEXT))
                .ip(text(in, "ip", MAX_TEXT))
                .app(app(in))
                .permission(
                        in.has("permission")
                                ? in.text(
                                        "permission", Permissions::isQuestion, Sentence.of("problem.permission-asked"))
                                : null);
        long at = in.has("at") ? in.moment("at") : caller.at();
        in.finish();
        return SimulationAnswer.of(refusals.simulate(caller, id, question, at));
    }

    private static @Nullable String text(JsonInput in, String field, int most) {
        return in.has(field) ? required(in, field, most) : null;
    }

    private static String required(JsonInput in, String field, int most) {
        return in.text(field, text -> text.length() <= most, Sentence.of("problem.at-most-characters", most));
    }

    /** An app as text or in parts, as verify takes it. */
    private static App.@Nullable Asked app(JsonInput in) {
        if (!in.hasObject("app")) {
            String text = text(in, "app", MAX_TEXT);
            return text == null ? null : App.Asked.of(text);
        }
        JsonInput app = in.object("app");
        if (app == null) {
            return null;
        }
        String platform = text(app, "platform", MAX_APP);
        String name = required(app, "id", MAX_APP);
        String certificate = text(app, "certificateSha256", MAX_APP);
        app.noOthers();
        return App.Asked.of(platform, name, certificate);
    }

    record RefusalBody(
            String rule,
            String code,
            boolean observed,
            @Nullable String value,
            long count,
            String firstAt,
            String lastAt,
            @Nullable CheckBody now) {
        static RefusalBody of(KeyRefusals.Explained explained) {
            KeyRefusalsSql.Group group = explained.group();
            return new RefusalBody(
                    ruleOf(group.code()),
                    group.code().name(),
                    group.observed(),
                    group.value().isEmpty() ? null : group.value(),
                    group.count(),
                    Times.text(group.firstAt()),
                    Times.text(group.lastAt()),
                    explained.now().map(CheckBody::of).orElse(null));
        }
    }

    record HourBody(String at, long refused, long observed) {}

    record RefusalsAnswer(List<RefusalBody> items, List<HourBody> hours) {}

    @GetMapping("/refusals")
    RefusalsAnswer refusals(Caller caller, @PathVariable String id) {
        KeyRefusals.Report report = refusals.report(caller, id);
        return new RefusalsAnswer(
                report.groups().stream().map(RefusalBody::of).toList(),
                report.hours().stream()
                        .map(hour -> new HourBody(Times.text(hour.at()), hour.count(), hour.observed()))
                        .toList());
    }
}
