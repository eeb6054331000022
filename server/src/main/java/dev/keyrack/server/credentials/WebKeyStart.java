package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;

/** What the form that makes a web key chooses for its web component, which is another slice's to keep. */
@FunctionalInterface
public interface WebKeyStart {
    /**
     * Configures a key that nobody has configured yet, and no other.
     *
     * @param crossPage whether conversations go on across pages and tabs
     */
    void begin(Caller caller, String keyId, boolean crossPage);
}
