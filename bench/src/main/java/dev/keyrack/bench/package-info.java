@NullMarked
package dev.keyrack.bench;

import org.jspecify.annotations.NullMarked;
