/** Quick search over what several slices hold: keys, projects, members. Each is asked for what the caller may see. */
@NullMarked
package dev.keyrack.server.search;

import org.jspecify.annotations.NullMarked;
