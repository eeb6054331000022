package dev.keyrack.server.http;

import com.google.common.hash.Hashing;

/** Names of contents: another one for every other content, and the same in every process. */
public final class ContentTag {
    private static final int DIGITS = 16;

    private ContentTag() {}

    /** The beginning of the content's SHA-256, in hexadecimal digits. */
    public static String of(byte[] content) {
        return of(content, DIGITS);
    }

    /** As many hexadecimal digits of the content's SHA-256, at most 64. */
    public static String of(byte[] content, int digits) {
        return Hashing.sha256().hashBytes(content).toString().substring(0, digits);
    }

    /** As an entity tag (RFC 9110, 8.8.3). */
    public static String quoted(byte[] content) {
        return "\"" + of(content) + "\"";
    }
}
