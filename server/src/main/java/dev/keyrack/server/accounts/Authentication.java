package dev.keyrack.server.accounts;

import dev.keyrack.server.accounts.DeniedCalls.Tried;
import dev.keyrack.server.accounts.DeniedCalls.Why;
import dev.keyrack.server.http.Credential;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.Requests;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Digest;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
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
    private static final Sentence NOT_GOOD = Sentence.of("problem.token-not-good");

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
            throw refused(request, new Tried(Why.NO_CREDENTIAL), Sentence.of("problem.credential-needed"));
        }
        if (presented.size() > 1) {
            throw refused(request, new Tried(Why.SEVERAL_CREDENTIALS), Sentence.of("problem.credentials-several"));
        }
        Presented one = presented.getFirst();
        String address = request.getRemoteAddr();
        String requestId = Requests.id(request);
        if (one.token().matches(operator)) {
            Cause cause = new Cause(Actor.OPERATOR, address, requestId);
            // One operator for each organization that is named: what was sent for one is no repetition for another.
            Credential credential = new Credential("operator/" + request.getHeader(ORGANIZATION), one.token());
            // The secret is good for as long as the process lives: there is nothing to judge again.
            Caller.Standing standing = new Caller.Standing(credential, cause, tx -> {});
            return new Caller(Actor.OPERATOR, null, chosen(request), standing, store.now());
        }
        Optional<TokenFormat.Parsed> parsed = TokenFormat.parse(one.token().reveal())
                .filter(token -> token.tag().equals(TokenFormat.PERSONAL_TAG));
        AccountSql.Holder holder = parsed.flatMap(token -> store.ask(tx -> holder(tx, token))
                        .filter(h -> one.user() == null
                                || one.user().equals(h.organization().subdomain())
                                || one.user().equals(token.id().value())))
                .orElseThrow(() -> refused(request, tried(one.token()), NOT_GOOD));
        TokenFormat.Parsed token = parsed.orElseThrow();
        Actor actor = new Actor(
                Actor.Kind.MEMBER, holder.member().id(), holder.member().email());
        Caller.Standing standing = new Caller.Standing(
                new Credential("member/" + holder.member().id(), one.token()),
                new Cause(actor, address, requestId),
                tx -> requireStill(tx, token, holder));
        return new Caller(actor, holder.member(), holder.organization(), standing, store.now());
    }

    /** Judges a member again, whom we judged as this a while ago. */
    private void requireStill(Tx tx, TokenFormat.Parsed token, AccountSql.Holder judged) {
        AccountSql.Holder now =
                holder(tx, token).orElseThrow(() -> new ProblemException(new Problem.Unauthenticated(NOT_GOOD)));
        if (!now.sameRights(judged)) {
            throw new ProblemException(new Problem.Forbidden(Sentence.of("problem.rights-changed-send")));
        }
    }

    private @Nullable Organization chosen(HttpServletRequest request) {
        String subdomain = request.getHeader(ORGANIZATION);
        if (subdomain == null) {
            return store.ask(sql::only).orElse(null);
        }
        return store.ask(tx -> sql.bySubdomain(tx, subdomain))
                .orElseThrow(() -> new ProblemException(
                        Problem.InvalidRequest.at(ORGANIZATION, Sentence.of("problem.no-such-organization"))));
    }

    private Optional<AccountSql.Holder> holder(Tx tx, TokenFormat.Parsed token) {
        return sql.holder(tx, token.id().value())
                .filter(h -> Digest.parse(h.digest()).equals(token.digest()));
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
                default -> throw unreadable(request, Sentence.of("problem.scheme-unknown"));
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
            throw unreadable(request, Sentence.of("problem.basic-unreadable"));
        }
        throw unreadable(request, Sentence.of("problem.basic-no-colon"));
    }

    /** Of a token only its public id. */
    private static Tried tried(Secret token) {
        return TokenFormat.parse(token.reveal())
                .map(parsed -> new Tried(Why.TOKEN, parsed.id().value()))
                .orElse(new Tried(Why.NO_TOKEN));
    }

    private ProblemException unreadable(HttpServletRequest request, Sentence says) {
        return refused(request, new Tried(Why.UNREADABLE), says);
    }

    private ProblemException refused(HttpServletRequest request, Tried tried, Sentence says) {
        denied.count(request.getRemoteAddr(), tried);
        return new ProblemException(new Problem.Unauthenticated(says));
    }
}
