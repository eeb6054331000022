package dev.keyrack.server.outbound;

import java.net.UnknownHostException;

/** A name leads to an address that must not be called. Which one is not told: that would map our networks for whoever asks. */
final class AddressRefused extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    AddressRefused() {
        super("the address is not public");
    }
}
