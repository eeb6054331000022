package dev.keyrack.chaos;

/** What Keyrack promises, in the order in which docs/guarantees.md has it. */
enum Promise {
    OFF("a verification sent after a revoke, disable or regenerate has returned is never VALID"),
    KEPT("nothing acknowledged is lost"),
    GONE("no revoked key and no superseded token comes back, on any node"),
    ALIVE("a node that has had no fault answers VALID for keys that are on"),
    ANSWERED("a well-formed change is answered with success, a conflict or a 503 that can be repeated"),
    RECORDED("the audit chain is whole, and every acknowledged change has its event"),
    NUMBERED("the numbers of the change feed are dense");

    private final String text;

    Promise(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
