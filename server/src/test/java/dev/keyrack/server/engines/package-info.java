/**
 * The databases that the tests run on. Tests tagged {@code engines} run twice: on SQLite, and once more, in a JVM of their
 * own whose property {@code keyrack.engine} says so, on a real PostgreSQL server.
 */
package dev.keyrack.server.engines;
