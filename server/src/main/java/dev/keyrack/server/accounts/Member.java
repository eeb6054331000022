package dev.keyrack.server.accounts;

/** A person in one organization. */
public record Member(String id, String organizationId, String email, String role, long createdAt) {}
