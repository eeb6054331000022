/**
 * The fault harness: it runs the built program as an installation of several processes on a real PostgreSQL, harms it in
 * every way that it can, changes and verifies keys meanwhile, and checks what was seen against what is promised.
 *
 * <p>It knows the program from outside only: its commands, settings, HTTP and database. Nothing in here is part of the
 * product.
 */
@NullMarked
package dev.keyrack.chaos;

import org.jspecify.annotations.NullMarked;
