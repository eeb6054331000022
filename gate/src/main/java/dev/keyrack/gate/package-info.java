@NullMarked
package dev.keyrack.gate;

import org.jspecify.annotations.NullMarked;
