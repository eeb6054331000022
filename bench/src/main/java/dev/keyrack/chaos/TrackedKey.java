package dev.keyrack.chaos;

/** A key as its clients last knew it. Others may have changed it since. */
final class TrackedKey {
    final String name;
    final String id;
    volatile boolean active = true;

    TrackedKey(String name, String id) {
        this.name = name;
        this.id = id;
    }
}
