package dev.keyrack.server.http;

/** Carries a {@link Problem} out of a transaction, which rolls back. Has no stack trace: a refusal is no bug. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.getClass().getSimpleName(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
