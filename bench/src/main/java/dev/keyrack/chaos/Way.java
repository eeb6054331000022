package dev.keyrack.chaos;

/** A direction in which a link carries bytes. */
enum Way {
    /** From who connects to who is connected to. */
    THERE,
    BACK
}
