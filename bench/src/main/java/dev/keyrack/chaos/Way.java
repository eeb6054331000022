package dev.keyrack.chaos;

/** A direction in which a link carries bytes. */
enum Way {
    TO_DATABASE,
    FROM_DATABASE
}
