package dev.keyrack.server.conversations;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.keyrack.server.http.PlainText;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.Secret;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom a host's own backend vouches for, by a signed token (RFC 7519).
 *
 * <p>Guarantees: only HMAC-SHA-256 under a live identity key of this very web key is taken (RFC 8725, 3.1), whatever the token
 * says of itself; it opens one session, and is good for 15 minutes at most.
 */
final class Identities {
    private static final int MAX_TOKEN = 4_096;
    private static final int MAX_ID = 200;
    private static final int MAX_NAME = 100;
    /** So far may the host's clock be off. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofMinutes(15).plus(SKEW);

    private final Store store;
    private final IdentitySecrets secrets;
    private final VisitorTokens tokens;
    private final IdentityKeySql sql = new IdentityKeySql();

    Identities(Store store, IdentitySecrets secrets, VisitorTokens tokens) {
        this.store = store;
        this.secrets = secrets;
        this.tokens = tokens;
    }

    /**
     * What was signed.
     *
     * @param name for display only
     * @param digest of the token's own id
     * @param endsAt when it would expire, in microseconds since 1970
     */
    record Vouched(String kid, String customer, @Nullable String name, String digest, long endsAt) {}

    /** Nothing if it is not good, whatever is wrong with it. */
    Optional<Vouched> check(KeyId key, Secret token) {
        try {
            return Optional.of(read(key, token.reveal()));
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Vouched read(KeyId key, String token) throws ParseException, JOSEException {
        require(token.length() <= MAX_TOKEN);
        SignedJWT jwt = SignedJWT.parse(token);
        String kid = jwt.getHeader().getKeyID();
        require(JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm()) && kid != null);
        IdentityKeySql.Key signer =
                store.read(tx -> sql.live(tx, key.value(), kid)).orElseThrow(IllegalArgumentException::new);
        // No header is critical that we do not know: the library refuses those.
        require(jwt.verify(new MACVerifier(secrets.open(signer).reveal().getBytes(StandardCharsets.UTF_8))));
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        Instant now = Instant.EPOCH.plus(store.now(), ChronoUnit.MICROS);
        Instant expires = moment(claims.getExpirationTime());
        Instant issued = moment(claims.getIssueTime());
        Instant from = moment(claims.getNotBeforeTime());
        require(expires != null && expires.isAfter(now) && !expires.isAfter(now.plus(LONGEST)));
        require(issued != null && !issued.isAfter(now.plus(SKEW)));
        require(from == null || !from.isAfter(now.plus(SKEW)));
        require(claims.getAudience().equals(List.of(key.value())));
        String id = claims.getJWTID();
        String customer = claims.getSubject();
        require(fits(id, MAX_ID) && fits(customer, MAX_ID));
        String name = claims.getStringClaim("name");
        require(name == null || fits(name, MAX_NAME));
        return new Vouched(
                kid,
                customer,
                name,
                tokens.kept("identity", key.value() + "/" + id),
                ChronoUnit.MICROS.between(Instant.EPOCH, expires));
    }

    private static @Nullable Instant moment(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }

    private static boolean fits(@Nullable String text, int max) {
        return text != null
                && !text.isBlank()
                && text.codePointCount(0, text.length()) <= max
                && PlainText.isLine(text);
    }

    private static void require(boolean good) {
        if (!good) {
            throw new IllegalArgumentException();
        }
    }

    /** Always the same one. */
    static ProblemException refused() {
        return new ProblemException(new Problem.Visiting(VisitorCode.IDENTITY_REFUSED));
    }

    /** Whether its key has not ended in the meantime; it then lasts until the transaction's end. */
    boolean holds(Tx tx, Vouched vouched) {
        return sql.hold(tx, vouched.kid());
    }

    /** Uses up what was vouched, in the transaction that opens the session. Whether this was the first time. */
    boolean use(Tx tx, Vouched vouched) {
        return sql.use(tx, vouched.digest(), vouched.endsAt());
    }

    /** Notes which session it was used for. */
    void open(Tx tx, Vouched vouched, String sessionId) {
        sql.open(tx, vouched.digest(), sessionId);
    }

    /** Whether it was used for this session. */
    boolean opened(Tx tx, Vouched vouched, String sessionId) {
        return sql.opened(tx, vouched.digest(), sessionId);
    }
}
