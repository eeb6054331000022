/** Tests of the real program as a process of its own: what its operator sees, and what is left on disk when it fails or is killed. */
@NullMarked
package dev.keyrack.server.process;

import org.jspecify.annotations.NullMarked;
