package dev.keyrack.server.http;

/**
 * Something that was understood otherwise than it was written, and done all the same.
 *
 * @param pointer the field (RFC 6901)
 * @param detail what was done of it, and why; without what a person may have pasted there by mistake
 */
public record Notice(String pointer, String detail) {}
