@NullMarked
package dev.keyrack.server;

import org.jspecify.annotations.NullMarked;
