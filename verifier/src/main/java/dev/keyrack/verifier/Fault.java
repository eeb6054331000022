package dev.keyrack.verifier;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fault that can be planted in the program, so that whoever looks for such faults can show that they find it. For tests
 * only: {@code -Dkeyrack.fault=lease-not-checked} plants it in one process, and no setting does. The program warns when one
 * is planted.
 *
 * <p>What is planted is a constant: where nothing is, the compiler leaves nothing of the question.
 */
public enum Fault {
    /** A verdict is {@code VALID} although the lease is over. */
    LEASE_NOT_CHECKED,
    /** A lease is granted although a change that narrows was not applied. */
    LEASE_PROLONGED_WHILE_BEHIND,
    /** Entries of the feed are applied the other way round, and an older version replaces a newer one. */
    ENTRIES_OUT_OF_ORDER,
    /** A registration takes no number of the feed, and is as good as a grant. */
    REGISTRATION_WITHOUT_NUMBER,
    /** A node reports the head of the feed before it has read and applied what leads there. */
    REPORT_BEFORE_APPLYING,
    /** A revocation is written past the feed and the audit trail. */
    CHANGE_OUTSIDE_STORE;

    private static final @Nullable Fault PLANTED = named(System.getProperty("keyrack.fault"));

    /** Whether it is planted in this process. */
    public boolean planted() {
        return this == PLANTED;
    }

    /** The one that is planted in this process. */
    public static Optional<Fault> inThisProcess() {
        return Optional.ofNullable(PLANTED);
    }

    /** Its name in the property: {@code lease-not-checked}. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private static @Nullable Fault named(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return Arrays.stream(values())
                .filter(fault -> fault.text().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("there is no fault called " + name));
    }
}
