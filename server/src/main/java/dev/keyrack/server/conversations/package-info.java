/**
 * Visitors of web pages with an assistant: their sessions, what they and assistants say to each other, and how replies are
 * streamed and resumed. What answers them lives in {@code assistants}; how the component looks, in {@code components}.
 */
@NullMarked
package dev.keyrack.server.conversations;

import org.jspecify.annotations.NullMarked;
