package dev.keyrack.gate;

import java.net.BindException;

/** The gate did not start because its address could not be bound. The message is for the operator. */
public final class CannotListen extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String host;
    private final int port;
    private final boolean portInUse;

    CannotListen(String host, int port, Throwable cause) {
        super(text(host, port, cause), cause);
        this.host = host;
        this.port = port;
        this.portInUse = inUse(cause);
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    /** Whether another program listens there. Otherwise the address is not this machine's, or not allowed. */
    public boolean portInUse() {
        return portInUse;
    }

    private static String text(String host, int port, Throwable cause) {
        return inUse(cause)
                ? "port " + port + " on " + host + " is in use by another program"
                : "cannot listen on " + host + " port " + port + ": " + cause.getMessage();
    }

    private static boolean inUse(Throwable cause) {
        return cause instanceof BindException
                && cause.getMessage() != null
                && cause.getMessage().contains("in use");
    }
}
