package dev.keyrack.server.http;

import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Tx;
import dev.keyrack.verifier.Sentence;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.JsonNode;

/**
 * One call that makes something, or gives something a new token. With an Idempotency-Key, a repetition gets the kept answer
 * instead. {@link Idempotency#creation} makes one from a request; the slice's API hands it to the rules, which put their
 * work into {@link #once}.
 *
 * @param <T> what is made
 */
public final class Creation<T> {
    private static final long KEPT_MICROS = 24L * 3_600 * 1_000_000;

    private final AnswerSeal seal;
    private final IdempotencySql sql;
    private final Set<String> running;
    private final @Nullable IdempotentCall call;
    private final Function<T, Answer> form;

    Creation(
            AnswerSeal seal,
            IdempotencySql sql,
            Set<String> running,
            @Nullable IdempotentCall call,
            Function<T, Answer> form) {
        this.seal = seal;
        this.sql = sql;
        this.running = running;
        this.call = call;
        this.form = form;
    }

    /**
     * The work, such that a repetition of it does nothing. Its answer is kept in the same transaction: after a crash both
     * are there, or neither.
     *
     * @param rights refuses whoever may not do this now; also asked before an answer is given again
     */
    public Function<Tx, Change<Answer>> once(Consumer<Tx> rights, Function<Tx, Change<T>> work) {
        IdempotentCall repeatable = call;
        return tx -> {
            rights.accept(tx);
            if (repeatable == null) {
                return work.apply(tx).map(form);
            }
            if (!sql.claim(tx, repeatable, tx.at() + KEPT_MICROS)) {
                return Change.none(again(tx, repeatable));
            }
            Change<Answer> change = work.apply(tx).map(form);
            Answer answer = change.result();
            sql.keep(tx, repeatable, answer.keepable() ? seal.seal(repeatable, answer.text()) : null, answer.holder());
            return change;
        };
    }

    private Answer again(Tx tx, IdempotentCall repeatable) {
        IdempotencySql.Kept kept = sql.kept(tx, repeatable);
        if (!kept.requestHash().equals(repeatable.requestHash())) {
            throw new ProblemException(new Problem.IdempotencyKeyReused());
        }
        String sealed = kept.sealed();
        if (sealed == null) {
            throw gone("problem.answer-erased");
        }
        return seal.open(repeatable, sealed).map(Answer::replay).orElseThrow(() -> gone("problem.answer-sealed"));
    }

    private static ProblemException gone(String key) {
        return new ProblemException(new Problem.AnswerGone(new Sentence(key, List.of())));
    }

    /**
     * Answers with what this returns, unless the same call is under way in this process.
     *
     * @throws ProblemException if it is
     */
    public ResponseEntity<JsonNode> answer(Supplier<Answer> work) {
        if (call == null) {
            return work.get().response();
        }
        if (!running.add(call.id())) {
            throw new ProblemException(new Problem.StillRunning());
        }
        try {
            return work.get().response();
        } finally {
            running.remove(call.id());
        }
    }
}
