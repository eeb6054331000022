package dev.keyrack.server.http;

import com.google.common.hash.Hashing;

/** Names of contents: another one for every other content, and the same in every process. */
public final class ContentTag {
    private static final int LENGTH = 16;

    private ContentTag() {}

    /** The beginning of the content's SHA-256, in hexadecimal digits. */
    public static String of(byte[] content) {
        return Hashing.sha256().hashBytes(content).toString().substring(0, LENGTH);
    }

    /** As an entity tag (RFC 9110, 8.8.3). */
    public static String quoted(byte[] content) {
        return "\"" + of(content) + "\"";
    }
}
