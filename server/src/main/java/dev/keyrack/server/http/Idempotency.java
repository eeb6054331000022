package dev.keyrack.server.http;

import dev.keyrack.server.store.Keyset;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls that may be repeated without being carried out twice, by the header {@code Idempotency-Key}
 * (draft-ietf-httpapi-idempotency-key-header).
 *
 * <p>Guarantees: of all calls of one caller with one method, path and Idempotency-Key within 24 hours, one is carried out
 * at most, whatever ends in between; a call that was refused or failed counts for nothing. Its answer is kept so that only
 * the same caller, with the same credential and the same Idempotency-Key, can have it again.
 */
public final class Idempotency {
    static final String HEADER = "Idempotency-Key";
    private static final int MAX_KEY = 255;
    private static final IdempotencySql SQL = new IdempotencySql();

    private final AnswerSeal seal;

    /** The calls that this process is carrying out. Other processes are told apart by the table's primary key. */
    private final Set<String> running = ConcurrentHashMap.newKeySet();

    public Idempotency(Keyset keyset) {
        this.seal = new AnswerSeal(keyset);
    }

    /**
     * Reads the header, and ends the reading of the body.
     *
     * @param form makes the answer of what was made
     * @throws ProblemException with all that was noted in the body, and with what does not fit of the header
     */
    public <T> Creation<T> creation(
            HttpServletRequest request, JsonInput in, Credential caller, Function<T, Answer> form) {
        Secret key = key(request, in);
        in.finish();
        IdempotentCall call = key == null
                ? null
                : seal.call(caller, request.getMethod(), request.getRequestURI(), key, in.canonical());
        return creation(call, form);
    }

    /**
     * As {@link #creation}, for a form: a reload of the page that answered it, or a second click, sends the same form again
     * and gets the same answer.
     *
     * @param once what the page put into the form, another one each time
     */
    public <T> Creation<T> formCreation(
            HttpServletRequest request, Secret once, JsonInput in, Credential caller, Function<T, Answer> form) {
        in.finish();
        return creation(seal.call(caller, request.getMethod(), request.getRequestURI(), once, in.canonical()), form);
    }

    <T> Creation<T> creation(@Nullable IdempotentCall call, Function<T, Answer> form) {
        return new Creation<>(seal, SQL, running, call, form);
    }

    static @Nullable Secret key(HttpServletRequest request, JsonInput in) {
        List<String> sent = Collections.list(request.getHeaders(HEADER));
        if (sent.isEmpty()) {
            return null;
        }
        String key = sent.getFirst();
        if (sent.size() > 1) {
            in.error(HEADER, Sentence.of("problem.header-once", sent.size()));
        } else if (key.isEmpty() || key.length() > MAX_KEY || !key.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            in.error(HEADER, Sentence.of("problem.idempotency-key", MAX_KEY));
        }
        return Secret.of(key);
    }

    /** Erases every kept answer that holds a token of this key or member. Belongs into the change that ends the token. */
    public static void erase(Tx tx, String holder) {
        SQL.erase(tx, holder);
    }
}
