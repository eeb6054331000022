/** The command line: each command speaks to the management API of a running process, or of one it starts for itself. */
@NullMarked
package dev.keyrack.server.cli;

import org.jspecify.annotations.NullMarked;
