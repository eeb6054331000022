package dev.keyrack.verifier;

/** What one thread needs to read where a caller comes from, made once. */
final class CallerReader {
    private final OriginReader origin = new OriginReader();
    private final AddressReader address = new AddressReader();

    OriginReader origin() {
        return origin;
    }

    AddressReader address() {
        return address;
    }
}
