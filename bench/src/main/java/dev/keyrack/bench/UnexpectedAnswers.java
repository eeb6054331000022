package dev.keyrack.bench;

import java.io.IOException;

/** Answers came that a round must not contain: its figures are worthless. */
final class UnexpectedAnswers extends IOException {
    private static final long serialVersionUID = 1L;

    UnexpectedAnswers(String message) {
        super(message);
    }
}
