package dev.keyrack.chaos;

/**
 * A token that was handed out.
 *
 * @param key the name of its key
 */
record Token(String key, int generation, String text) {
    @Override
    public String toString() {
        return key + " generation " + generation;
    }
}
