package dev.keyrack.server.conversations;

import dev.keyrack.gate.Refusals;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Question;
import dev.keyrack.verifier.ReplicaKey;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Verdict;
import dev.keyrack.verifier.Verifier;
import java.util.Optional;

/**
 * Whether a web key is good for a visitor, here and now, as this process's own gate would say of its token.
 *
 * <p>Guarantee: what a verification sent now would refuse is refused here, and counted for the key's owner to see.
 */
public final class VisitorVerdicts {
    private static final String PERMISSION = "chat.start";

    private final Verifier verifier;
    private final Refusals refusals;

    public VisitorVerdicts(Verifier verifier, Refusals refusals) {
        this.verifier = verifier;
        this.refusals = refusals;
    }

    private static Question question(Place place) {
        return Question.of("").permission(PERMISSION).origin(place.origin()).ip(place.address());
    }

    /** @throws ProblemException with the verdict's code, if the token is not good here */
    Verdict.Valid require(Secret token, Place place) {
        Verdict known = verifier.verify(Question.of(token.reveal()));
        ReplicaKey key = known.about().orElse(null);
        if (key == null || key.type() != KeyType.WEB) {
            throw refused(known.code() == Code.STALE ? Code.STALE : Code.UNKNOWN);
        }
        return require(new KeyId(key.id()), known.generation(), place, Excused.NONE);
    }

    /**
     * @param generation of the token that was shown; what a page of Keyrack's own opened follows the key's newest one
     * @throws ProblemException with the verdict's code, if what was opened with this generation is no longer good here
     */
    Verdict.Valid require(KeyId key, int generation, Place place, Excused excused) {
        Question question = question(place);
        return counted(question, ask(key, generation, question, excused));
    }

    /**
     * For whoever shows no token.
     *
     * @throws ProblemException with the verdict's code, if the key's newest token is not good here
     */
    Verdict.Valid require(KeyId key, Place place, Excused excused) {
        Question question = question(place);
        return counted(question, verifier.verify(key, question, excused.rules()));
    }

    private Verdict ask(KeyId key, int generation, Question question, Excused excused) {
        return excused == Excused.NONE
                ? verifier.verify(key, generation, question, excused.rules())
                : verifier.verify(key, question, excused.rules());
    }

    private Verdict.Valid counted(Question question, Verdict verdict) {
        refusals.count(question, verdict);
        return switch (verdict) {
            case Verdict.Valid valid -> valid;
            case Verdict.Refused refused -> throw refused(refused.code());
        };
    }

    private static ProblemException refused(Code code) {
        VisitorCode told = VisitorCode.of(code);
        return new ProblemException(new Problem.Visiting(told, null, told == VisitorCode.STALE ? 1 : 0));
    }

    /**
     * Why the key is no longer good for this visit; nothing while it is. Without a key, only the organization must not be turned
     * off. Nothing is counted.
     */
    Optional<Code> refusal(Visit visit) {
        KeyId key = visit.key();
        if (key == null) {
            return verifier.suspended(visit.organizationId()) ? Optional.of(Code.SUSPENDED) : Optional.empty();
        }
        Code code = ask(key, visit.generation(), question(visit.place()), visit.excused())
                .code();
        return code == Code.VALID ? Optional.empty() : Optional.of(code);
    }

    /** As {@link #refusal}, of something that it ends: counted. */
    void ended(Visit visit) {
        KeyId key = visit.key();
        if (key != null) {
            Question question = question(visit.place());
            refusals.count(question, ask(key, visit.generation(), question, visit.excused()));
        }
    }
}
