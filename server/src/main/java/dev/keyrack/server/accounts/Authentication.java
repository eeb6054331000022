package dev.keyrack.server.accounts;

import dev.keyrack.server.accounts.DeniedCalls.Tried;
import dev.keyrack.server.accounts.DeniedCalls.Why;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.Digest;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.TokenFormat;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells who calls the management API: a member by their personal token, or whoever holds the data folder on this machine
 * by the secret that is kept in it.
 *
 * <p>Guarantee: one answer for every token that is not good, so that nothing is learned from it.
 */
public final class Authentication {
    private static final String HOW = "Send your personal token in x-api-key, or as Authorization: Bearer.";

    /** The subdomain of the organization that the operator means. */
    static final String ORGANIZATION = "Keyrack-Organization";

    private final Store store;
    private final Secret operator;
    private final DeniedCalls denied;
    private final AccountSql sql = new AccountSql();

    /** @param operator the secret of the process, kept in the data folder */
    public Authentication(Store store, Secret operator, DeniedCalls denied) {
        this.store = store;
        this.operator = operator;
        this.denied = denied;
    }

    private record Presented(Secret token, @Nullable String user) {}

    /** @throws ProblemException if there is no credential, more than one, or it is not good */
    public Caller caller(HttpServletRequest request) {
        List<Presented> presented = presented(request);
        if (presented.isEmpty()) {
            throw refused(request, new Tried(Why.NO_CREDENTIAL), "This needs a credential. " + HOW);
        }
        if (presented.size() > 1) {
            throw refused(request, new Tried(Why.SEVERAL_CREDENTIALS), "More than one credential was sent. " + HOW);
        }
        Presented one = presented.getFirst();
        String address = request.getRemoteAddr();
        String requestId = Requests.id(request);
        if (one.token().matches(operator)) {
            Cause cause = new Cause(Actor.OPERATOR, address, requestId);
            return new Caller(Actor.OPERATOR, null, chosen(request), cause, store.now());
        }
        AccountSql.Holder holder = holder(one)
                .orElseThrow(() -> refused(
                        request,
                        tried(one.token()),
                        "The token is not good: it was mistyped, replaced or deleted. " + HOW));
        Actor actor = new Actor(
                Actor.Kind.MEMBER, holder.member().id(), holder.member().email());
        return new Caller(
                actor, holder.member(), holder.organization(), new Cause(actor, address, requestId), store.now());
    }

    private @Nullable Organization chosen(HttpServletRequest request) {
        String subdomain = request.getHeader(ORGANIZATION);
        if (subdomain == null) {
            return store.read(sql::only).orElse(null);
        }
        return store.read(tx -> sql.bySubdomain(tx, subdomain))
                .orElseThrow(() -> new ProblemException(
                        Problem.InvalidRequest.at(ORGANIZATION, "there is no organization of this subdomain")));
    }

    private Optional<AccountSql.Holder> holder(Presented presented) {
        return TokenFormat.parse(presented.token().reveal())
                .filter(parsed -> parsed.tag().equals(TokenFormat.PERSONAL_TAG))
                .flatMap(parsed -> store.read(tx -> sql.holder(tx, parsed.id().value()))
                        .filter(h -> Digest.parse(h.digest()).equals(parsed.digest()))
                        .filter(h -> presented.user() == null
                                || presented.user().equals(h.organization().subdomain())
                                || presented.user().equals(parsed.id().value())));
    }

    private List<Presented> presented(HttpServletRequest request) {
        List<Presented> all = new ArrayList<>();
        for (String key : Collections.list(request.getHeaders("x-api-key"))) {
            all.add(new Presented(Secret.of(key.strip()), null));
        }
        for (String header : Collections.list(request.getHeaders("Authorization"))) {
            int space = header.indexOf(' ');
            String scheme = space < 0 ? header : header.substring(0, space);
            String rest = space < 0 ? "" : header.substring(space + 1).strip();
            switch (scheme.toLowerCase(Locale.ROOT)) {
                case "bearer" -> all.add(new Presented(Secret.of(rest), null));
                case "basic" -> all.add(basic(request, rest));
                default -> throw unreadable(request, "This Authorization scheme is not known here. " + HOW);
            }
        }
        return all;
    }

    /** RFC 7617. What cannot be read is a credential that is not good. */
    private Presented basic(HttpServletRequest request, String encoded) {
        try {
            String pair = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(encoded)))
                    .toString();
            int colon = pair.indexOf(':');
            if (colon >= 0) {
                return new Presented(Secret.of(pair.substring(colon + 1)), pair.substring(0, colon));
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw unreadable(request, "The Basic credential cannot be read (RFC 7617). " + HOW);
        }
        throw unreadable(request, "The Basic credential has no colon (RFC 7617). " + HOW);
    }

    /** Of a token only its public id. */
    private static Tried tried(Secret token) {
        return TokenFormat.parse(token.reveal())
                .map(parsed -> new Tried(Why.TOKEN, parsed.id().value()))
                .orElse(new Tried(Why.NO_TOKEN));
    }

    private ProblemException unreadable(HttpServletRequest request, String detail) {
        return refused(request, new Tried(Why.UNREADABLE), detail);
    }

    private ProblemException refused(HttpServletRequest request, Tried tried, String detail) {
        denied.count(request.getRemoteAddr(), tried);
        return new ProblemException(new Problem.Unauthenticated(detail));
    }
}
