package dev.keyrack.server.accounts;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How the first Owner comes in: by a link that the program prints as it starts on an empty store.
 *
 * <p>Guarantees: a link works once, and only until another is made or the process ends; the process keeps its digest alone,
 * and nothing of it is stored. Of several processes on one store each has its own; whoever sets up first ends them all.
 */
public final class Welcome {
    private final Accounts accounts;
    private final ChosenPasswords passwords;
    private final DeniedCalls denied;
    private final RandomGenerator random;
    private final Supplier<String> base;
    private volatile @Nullable String digest;

    /**
     * @param random a cryptographically strong source
     * @param base the address by which people reach the control plane, without a slash at its end
     */
    public Welcome(
            Accounts accounts,
            ChosenPasswords passwords,
            DeniedCalls denied,
            RandomGenerator random,
            Supplier<String> base) {
        this.accounts = accounts;
        this.passwords = passwords;
        this.denied = denied;
        this.random = random;
        this.base = base;
    }

    /** A link in place of the one before; nothing where somebody is set up already. */
    public Optional<Secret> link() {
        if (!accounts.empty()) {
            return Optional.empty();
        }
        OneTimeCode code = OneTimeCode.next(random);
        digest = code.digest();
        return Optional.of(Secret.of(code.link(base.get(), "welcome")));
    }

    /** Whether nobody is set up yet. */
    boolean open() {
        return accounts.empty();
    }

    /** Who comes first, and what they found. */
    record First(String organization, String subdomain, String email, String name) {
        static First read(JsonInput in) {
            String organization = in.name("organization", 100);
            String subdomain = Subdomains.readOrPropose(in, organization);
            String name = in.name("name", 100);
            return new First(organization, subdomain, RecoveryApi.email(in), name);
        }
    }

    /** The organization that was made, and its Owner. */
    record Arrived(Organization organization, Member owner) {}

    /**
     * Makes the organization that runs the installation, and its Owner, who signs in with this password.
     *
     * @throws ProblemException with one answer for every code that is not good; for another reason, the link stays good
     */
    Arrived arrive(Secret code, First first, Secret password, @Nullable String address, String requestId) {
        String digest = new OneTimeCode(code).digest();
        if (!digest.equals(this.digest)) {
            denied.count(address, new DeniedCalls.Tried(DeniedCalls.Why.LINK));
            throw new ProblemException(new Problem.Unauthenticated(Sentence.of("problem.welcome-link-not-good")));
        }
        String hash = passwords.hashOf(password, "/password", first.email(), first.organization());
        Arrived arrived = accounts.welcome(new Cause(Actor.OPERATOR, address, requestId), first, hash);
        this.digest = null;
        return arrived;
    }
}
