package dev.keyrack.chaos;

/** What a client asks of a key. */
enum Deed {
    CREATE,
    DISABLE,
    ENABLE,
    REGENERATE,

    /** Of the token that the last regeneration left working. */
    END_OVERLAP,
    REVOKE
}
