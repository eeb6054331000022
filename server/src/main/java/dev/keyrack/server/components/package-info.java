/**
 * The web component that a web key opens: what it shows and how it behaves, chosen per key, and the files that a page loads.
 * What visitors say in it belongs to {@code conversations}.
 */
@NullMarked
package dev.keyrack.server.components;

import org.jspecify.annotations.NullMarked;
