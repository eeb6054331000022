/** Mail to people, through the operator's own server. What the mails say stands in the slices that send them. */
@NullMarked
package dev.keyrack.server.mail;

import org.jspecify.annotations.NullMarked;
