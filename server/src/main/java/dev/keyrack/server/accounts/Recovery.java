package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Idempotency;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.TokenFormat;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How an Owner who lost everything gets back in: whoever holds the data folder makes a link, and the Owner opens it.
 *
 * <p>Guarantees: a link works once, for an hour, and only until the next one is made; what is stored cannot be turned back
 * into it; until it is used, the Owner's token goes on working.
 */
public final class Recovery {
    private static final long LIFE_MICROS = 3_600_000_000L;

    /** 192 bits. */
    private static final int CODE_BYTES = 24;

    private final Store store;
    private final RecoverySql sql = new RecoverySql();
    private final AccountSql accounts = new AccountSql();
    private final RandomGenerator random;
    private final String brand;
    private final DeniedCalls denied;

    /** @param random a cryptographically strong source */
    public Recovery(Store store, RandomGenerator random, String brand, DeniedCalls denied) {
        this.store = store;
        this.random = random;
        this.brand = brand;
        this.denied = denied;
    }

    /** A link that was made, with the code that is shown this once. */
    record Offered(Member owner, Secret code, long endsAt) {}

    /** An Owner who is back, with a new personal token that is shown this once. */
    record Recovered(Member owner, Secret token) {}

    /**
     * Makes a link for the Owner with this address.
     *
     * @param organization where to look; nothing for everywhere
     * @throws ProblemException if there is no such Owner, or if there is one in several organizations
     */
    Offered offer(Caller caller, String email, @Nullable Organization organization) {
        byte[] bytes = new byte[CODE_BYTES];
        random.nextBytes(bytes);
        Secret code = Secret.of(HexFormat.of().formatHex(bytes));
        return caller.change(store, tx -> {
                    List<Member> owners = sql.owners(tx, email, organization == null ? "" : organization.id());
                    if (owners.isEmpty()) {
                        throw new ProblemException(
                                Problem.InvalidRequest.at("/email", "there is no Owner with this address"));
                    }
                    if (owners.size() > 1) {
                        throw new ProblemException(Problem.InvalidRequest.at(
                                Authentication.ORGANIZATION,
                                "there is such an Owner in several organizations; name one by its subdomain"));
                    }
                    Member owner = owners.getFirst();
                    long endsAt = tx.at() + LIFE_MICROS;
                    sql.put(tx, owner.id(), digest(code.reveal()), endsAt);
                    return Change.of(
                            new Offered(owner, code, endsAt),
                            new AuditEvent(
                                    owner.organizationId(),
                                    AuditAction.MEMBER_RECOVERY_OFFERED,
                                    new AuditEvent.Target("member", owner.id(), owner.email()),
                                    null,
                                    null));
                })
                .result();
    }

    /**
     * Gives the Owner behind this code a new personal token in place of the former, and ends the link.
     *
     * @throws ProblemException with one answer for every code that is not good
     */
    Recovered use(String code, @Nullable String address, String requestId) {
        String digest = digest(code);
        Optional<Recovered> recovered = store.read(tx -> sql.holder(tx, digest)).flatMap(owner -> {
            Actor actor = new Actor(Actor.Kind.MEMBER, owner.id(), owner.email());
            return use(new Cause(actor, address, requestId), owner, digest);
        });
        return recovered.orElseThrow(() -> {
            denied.count(address, new DeniedCalls.Tried(DeniedCalls.Why.LINK));
            return new ProblemException(new Problem.Unauthenticated(
                    "This link is not good: it was used, has ended, or was replaced by a newer one. Make another with"
                            + " ./keyrack setup --reset-owner EMAIL."));
        });
    }

    private Optional<Recovered> use(Cause cause, Member owner, String digest) {
        TokenFormat.Minted minted = TokenFormat.mint(brand, TokenFormat.PERSONAL_TAG, random);
        return store.change(cause, tx -> {
                    if (!sql.use(tx, digest)) {
                        return Change.none(Optional.<Recovered>empty());
                    }
                    String id = minted.id().value();
                    accounts.putToken(tx, owner.id(), id, minted.digest().text());
                    Idempotency.erase(tx, owner.id());
                    return Change.of(
                            Optional.of(new Recovered(owner, minted.token())),
                            Accounts.tokenEvent(AuditAction.TOKEN_REPLACED, owner, id));
                })
                .result();
    }

    private static String digest(String code) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(code.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
