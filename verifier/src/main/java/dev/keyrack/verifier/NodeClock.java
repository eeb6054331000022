package dev.keyrack.verifier;

/**
 * The control plane's time, told by the clock that a node's {@link Lease} is counted by: one reading, which costs as much as
 * much of a verdict, serves both.
 */
public interface NodeClock {
    /** The clock as it is now, in nanoseconds: it never goes back and counts the time in which the machine is suspended. */
    long nanos();

    /** The control plane's time at this reading, in microseconds since 1970. */
    long at(long nanos);
}
