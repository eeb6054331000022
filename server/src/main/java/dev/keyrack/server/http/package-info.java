/** What every endpoint shares: problems (RFC 9457), strict reading of bodies, cursors, request ids. No endpoint lives here. */
@NullMarked
package dev.keyrack.server.http;

import org.jspecify.annotations.NullMarked;
