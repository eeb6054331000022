package dev.keyrack.server.app;

/** The part of {@link Wiring} that is about the web component and what configures it. */
class ComponentWiring {}
