package dev.keyrack.server.app;

/** The part of {@link Wiring} that is about visitors and their conversations. */
class ConversationWiring {}
