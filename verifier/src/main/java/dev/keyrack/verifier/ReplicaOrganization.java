package dev.keyrack.verifier;

/**
 * An organization as verdicts see it. One instance is shared by all of its keys, so that suspending is one write.
 *
 * <p>Until its own entry came, it counts as suspended: what a node was not told never makes a token good.
 */
public final class ReplicaOrganization {
    private final String id;
    private volatile String subdomain;
    private volatile boolean operator;
    private volatile boolean suspended;
    private long version;

    ReplicaOrganization(String id) {
        this.id = id;
        this.subdomain = "";
        this.suspended = true;
    }

    public String id() {
        return id;
    }

    public String subdomain() {
        return subdomain;
    }

    /** Whether this is the organization that runs the installation, whose askers may verify every key. */
    public boolean operator() {
        return operator;
    }

    boolean suspended() {
        return suspended;
    }

    /** Called by the one writer of a replica. */
    void become(FeedChange.Organization now) {
        if (now.version() < version) {
            return;
        }
        version = now.version();
        subdomain = now.subdomain();
        operator = now.operator();
        suspended = now.suspended();
    }
}
