package dev.keyrack.gate;

/** Carries a {@link Problem} to where the request is answered. Says nothing but the problem, so it has no stack trace. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.kind().name(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
