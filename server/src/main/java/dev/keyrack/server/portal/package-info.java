/**
 * What all pages share: layout, texts, forms and their protection. Pages themselves live in their slice.
 */
@NullMarked
package dev.keyrack.server.portal;

import org.jspecify.annotations.NullMarked;
