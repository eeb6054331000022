package dev.keyrack.server.outbound;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that ends with an exception where it is larger than we read. */
final class CappedStream extends FilterInputStream {
    private long left;

    CappedStream(InputStream in, long max) {
        super(in);
        this.left = max;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
        int count = super.read(to, from, length);
        left -= Math.max(count, 0);
        if (left < 0) {
            throw new OutboundAnswer.TooLarge();
        }
        return count;
    }
}
