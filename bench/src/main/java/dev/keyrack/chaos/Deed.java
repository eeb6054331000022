package dev.keyrack.chaos;

/** What a client asks of a key. */
enum Deed {
    CREATE,
    DISABLE,
    ENABLE,
    REGENERATE,
    REVOKE
}
