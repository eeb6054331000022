package dev.keyrack.server.assistants;

/**
 * A question that visitors ask, and its answer.
 *
 * @param position its place among those of the project, from 1 on, with gaps
 */
public record Entry(
        String id, String projectId, long position, String question, String answer, long version, long updatedAt) {
    /** How many a project has at most. */
    static final int MAX = 1_000;

    /** Longest question, in characters. */
    static final int MAX_QUESTION = 500;

    /** Longest answer, in characters. */
    static final int MAX_ANSWER = 4_000;
}
