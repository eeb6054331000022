/** Where the program is put together: settings, start and stop, the wiring of all slices. */
@NullMarked
package dev.keyrack.server.app;

import org.jspecify.annotations.NullMarked;
