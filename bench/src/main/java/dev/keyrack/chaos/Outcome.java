package dev.keyrack.chaos;

/** What became of a change, as far as its client can know. */
enum Outcome {
    /** Answered with a success: it happened, and is in force. */
    OK,
    /** Answered with a refusal: it did not happen and never will. */
    REFUSED,
    /** Not answered, or with a failure: it may have happened, or may still. */
    UNKNOWN
}
