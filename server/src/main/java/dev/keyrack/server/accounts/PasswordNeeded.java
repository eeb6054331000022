package dev.keyrack.server.accounts;

/** Before a dangerous act: the reader types the password again, then goes on. */
public final class PasswordNeeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String next;

    PasswordNeeded(String next) {
        super("the password is asked for again", null, false, false);
        this.next = next;
    }

    String next() {
        return next;
    }
}
