/**
 * What answers the visitors of a project: its questions and answers, a webhook, or a model. How it is set up, and how it is
 * asked. What visitors and assistant said to each other is kept by {@code conversations}.
 */
@NullMarked
package dev.keyrack.server.assistants;

import org.jspecify.annotations.NullMarked;
