package dev.keyrack.gate;

import dev.keyrack.verifier.App;
import dev.keyrack.verifier.Permissions;
import org.jspecify.annotations.Nullable;

/** What a gateway's configuration asks for: the query of {@code /v1/authorize}, and nothing that a visitor sent. */
record AuthorizeQuery(@Nullable String permission, App.@Nullable Asked app) {
    static final AuthorizeQuery NONE = new AuthorizeQuery(null, null);

    /** @throws ProblemException for an unknown, repeated or malformed parameter */
    static AuthorizeQuery read(String query) {
        Parameters parameters = Parameters.ofQuery(query);
        for (String name : parameters.names()) {
            switch (name) {
                case "permission", "app", "cost" -> {}
                default ->
                    throw Problem.malformedParameter(
                                    Parameters.shown(name), "is not known; the parameters are permission, app and cost")
                            .exception();
            }
        }
        String permission = parameters.get("permission");
        if (permission != null && !Permissions.isQuestion(permission)) {
            throw Problem.malformedParameter("permission", "must be resource.action, without wildcards")
                    .exception();
        }
        String app = parameters.get("app");
        if (app != null && (app.isEmpty() || app.length() > VerifyJson.MAX_APP)) {
            throw Problem.malformedParameter("app", "must have 1 to " + VerifyJson.MAX_APP + " characters")
                    .exception();
        }
        String cost = parameters.get("cost");
        if (cost != null && !(cost.matches("[0-9]{1,10}") && Long.parseLong(cost) <= VerifyJson.MAX_COST)) {
            throw Problem.malformedParameter("cost", "must be a whole number from 0 to " + VerifyJson.MAX_COST)
                    .exception();
        }
        return new AuthorizeQuery(permission, app == null ? null : App.Asked.of(app));
    }
}
