package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Clearing;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Keyset;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Slows down whoever guesses passwords: by account, by network, and by browser where somebody signed in before.
 *
 * <p>Guarantees: a try is counted before the password is looked at, so that many at once gain nothing; after some free
 * failures each further try waits twice as long, a minute at most for an account; a browser in which this account was
 * signed in before is counted for itself, so that nobody can keep its owner out from elsewhere. Counts are forgotten an
 * hour after the last failure.
 */
public final class SignInFailures {
    private static final long FORGOTTEN_MICROS = 3_600_000_000L;

    /** How many failures are free, and how long the longest wait is. */
    private record Bound(int free, Duration longest) {}

    private static final Bound ACCOUNT = new Bound(5, Duration.ofMinutes(1));
    private static final Bound NETWORK = new Bound(20, Duration.ofMinutes(5));
    private static final Bound BROWSER = new Bound(10, Duration.ofMinutes(5));

    /** So often is mail sent to an address that asks for a new password, in an hour. */
    static final int MAILS = 3;

    private final Store store;
    private final SecretKey key;
    private final Ids ids;

    public SignInFailures(Store store, Keyset keyset, Ids ids) {
        this.store = store;
        this.key = keyset.derive("sign-in/device");
        this.ids = ids;
    }

    /**
     * A try that was counted, or that must wait.
     *
     * @param pause zero when it may go on
     * @param subjects what it was counted under
     */
    record Try(Duration pause, List<String> subjects) {}

    private record Subject(String name, Bound bound) {}

    /** Counts a try as a failure, unless it must wait. */
    Try attempt(Cause cause, String email, Optional<Secret> device) {
        String folded = MemberSql.folded(email);
        List<Subject> subjects = device.filter(d -> good(d, folded))
                .map(d -> List.of(new Subject("browser/" + hash(d.reveal()), BROWSER)))
                .orElseGet(() -> List.of(
                        new Subject("account/" + hash(folded), ACCOUNT),
                        new Subject("network/" + DeniedCalls.network(cause.address()), NETWORK)));
        return store.change(cause, tx -> {
                    Duration wait = subjects.stream()
                            .map(s -> wait(tx, s))
                            .max(Duration::compareTo)
                            .orElseThrow();
                    if (!wait.isPositive()) {
                        subjects.forEach(s -> SignInFailureSql.count(tx, s.name(), tx.at() - FORGOTTEN_MICROS));
                    }
                    return Change.none(
                            new Try(wait, subjects.stream().map(Subject::name).toList()));
                })
                .result();
    }

    private static Duration wait(Tx tx, Subject subject) {
        SignInFailureSql.Count count = SignInFailureSql.get(tx, subject.name());
        int over = (int) Math.min(count.failures() - subject.bound().free(), 20);
        if (over < 0 || count.lastAt() <= tx.at() - FORGOTTEN_MICROS) {
            return Duration.ZERO;
        }
        Duration each = Duration.ofSeconds(1L << over);
        Duration whole =
                each.compareTo(subject.bound().longest()) > 0 ? subject.bound().longest() : each;
        return whole.minus(Duration.ofNanos((tx.at() - count.lastAt()) * 1_000));
    }

    /** The password was good: the account and the browser begin anew. The network does not, whoever else is in it. */
    void forget(Cause cause, Try attempt) {
        store.change(cause, tx -> {
            for (String subject : attempt.subjects()) {
                if (subject.startsWith("network/")) {
                    SignInFailureSql.takeBack(tx, subject);
                } else {
                    SignInFailureSql.forget(tx, subject);
                }
            }
            return Change.none("");
        });
    }

    /** Whether this address may be sent another link for a new password, which is counted with this. */
    boolean mayMail(Cause cause, String email) {
        String subject = "mail/" + hash(MemberSql.folded(email));
        return store.change(cause, tx -> {
                    SignInFailureSql.Count count = SignInFailureSql.get(tx, subject);
                    boolean may = count.failures() < MAILS || count.lastAt() <= tx.at() - FORGOTTEN_MICROS;
                    if (may) {
                        SignInFailureSql.count(tx, subject, tx.at() - FORGOTTEN_MICROS);
                    }
                    return Change.none(may);
                })
                .result();
    }

    /** What a browser keeps to be known by; the one that it has, if it is this account's. */
    Secret deviceOf(String email, Optional<Secret> device) {
        String folded = MemberSql.folded(email);
        return device.filter(d -> good(d, folded)).orElseGet(() -> {
            String id = ids.next("dev");
            return Secret.of(id + "." + mac(id + "/" + folded));
        });
    }

    private boolean good(Secret device, String folded) {
        String text = device.reveal();
        int dot = text.indexOf('.');
        return dot > 0
                && MessageDigest.isEqual(
                        text.substring(dot + 1).getBytes(StandardCharsets.UTF_8),
                        mac(text.substring(0, dot) + "/" + folded).getBytes(StandardCharsets.UTF_8));
    }

    /** An address as it is kept: what somebody typed into the wrong field may be a password. */
    private String hash(String text) {
        return mac("subject/" + text);
    }

    private String mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of Java", e);
        }
    }

    /** Clears away what is forgotten. Returns how many counts. */
    public long clear() {
        return Clearing.all(store, 1_000, (tx, most) -> SignInFailureSql.clear(tx, tx.at() - FORGOTTEN_MICROS, most));
    }
}
