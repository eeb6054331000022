/** What people are told: one message file for each language, and what fills them. Who says what is the slices' own. */
@NullMarked
package dev.keyrack.server.texts;

import org.jspecify.annotations.NullMarked;
