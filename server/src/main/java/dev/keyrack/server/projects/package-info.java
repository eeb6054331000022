/** Projects: one assistant of an organization each. */
@NullMarked
package dev.keyrack.server.projects;

import org.jspecify.annotations.NullMarked;
