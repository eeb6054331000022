package dev.keyrack.verifier;

import com.ibm.icu.text.IDNA;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Host names in any script, as domain names have them.
 *
 * <p>Loaded for names outside ASCII only, which a browser never sends: verifying what browsers send costs none of it.
 */
final class HostNames {
    /** UTS #46, non-transitional, as the URL standard has it: "domain to ASCII" without the strict rules. */
    private static final IDNA UTS46 = IDNA.getUTS46Instance(
            IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ | IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.NONTRANSITIONAL_TO_UNICODE);

    /** What the URL standard lets pass: lengths and hyphens, which are looked at where the name is read. */
    private static final Set<IDNA.Error> TOLERATED = EnumSet.of(
            IDNA.Error.EMPTY_LABEL,
            IDNA.Error.LABEL_TOO_LONG,
            IDNA.Error.DOMAIN_NAME_TOO_LONG,
            IDNA.Error.LEADING_HYPHEN,
            IDNA.Error.TRAILING_HYPHEN,
            IDNA.Error.HYPHEN_3_4);

    private HostNames() {}

    /** The name in lower-case ASCII, or nothing where UTS #46 has none for it. */
    static Optional<String> toAscii(String name) {
        IDNA.Info info = new IDNA.Info();
        StringBuilder ascii = UTS46.nameToASCII(name, new StringBuilder(), info);
        return TOLERATED.containsAll(info.getErrors()) ? Optional.of(ascii.toString()) : Optional.empty();
    }
}
