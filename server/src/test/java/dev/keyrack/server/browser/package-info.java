/**
 * The system's Chromium with axe, for tests that see pages as people do, and the proof of the portal's scripts. Tests of
 * pages live beside their slice's other tests.
 */
@NullMarked
package dev.keyrack.server.browser;

import org.jspecify.annotations.NullMarked;
