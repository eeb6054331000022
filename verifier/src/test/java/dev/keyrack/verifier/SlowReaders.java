package dev.keyrack.verifier;

import com.ibm.icu.text.IDNA;
import inet.ipaddr.ipv6.IPv6Address;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A second implementation of all that is read from callers: by regular expressions and libraries, slow and simple, against
 * which the first is held. It shares no code with it but the tables of Unicode.
 */
final class SlowReaders {
    private SlowReaders() {}

    // RFC 3986, appendix A.
    private static final String H16 = "[0-9A-Fa-f]{1,4}";
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9][0-9]|[0-9])";
    private static final String IPV4 = OCTET + "(?:\\." + OCTET + "){3}";
    private static final String LS32 = "(?:" + H16 + ":" + H16 + "|" + IPV4 + ")";
    private static final String IPV6 = String.join(
            "|",
            "(?:" + H16 + ":){6}" + LS32,
            "::(?:" + H16 + ":){5}" + LS32,
            "(?:" + H16 + ")?::(?:" + H16 + ":){4}" + LS32,
            "(?:(?:" + H16 + ":){0,1}" + H16 + ")?::(?:" + H16 + ":){3}" + LS32,
            "(?:(?:" + H16 + ":){0,2}" + H16 + ")?::(?:" + H16 + ":){2}" + LS32,
            "(?:(?:" + H16 + ":){0,3}" + H16 + ")?::" + H16 + ":" + LS32,
            "(?:(?:" + H16 + ":){0,4}" + H16 + ")?::" + LS32,
            "(?:(?:" + H16 + ":){0,5}" + H16 + ")?::" + H16,
            "(?:(?:" + H16 + ":){0,6}" + H16 + ")?::");
    private static final Pattern FOUR = Pattern.compile(IPV4);
    private static final Pattern SIX = Pattern.compile(IPV6);
    private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final BigInteger MAPPED = BigInteger.valueOf(0xffff);

    /** An address: four octets or sixteen. */
    record Address(boolean four, BigInteger value) {}

    static Optional<Address> address(String text) {
        if (FOUR.matcher(text).matches()) {
            return Optional.of(new Address(true, value(Inet4Address.ofLiteral(text))));
        }
        if (!SIX.matcher(text).matches()) {
            return Optional.empty();
        }
        InetAddress read = Inet6Address.ofLiteral(text);
        BigInteger value = value(read);
        return Optional.of(
                read instanceof Inet4Address || value.shiftRight(32).equals(MAPPED)
                        ? new Address(true, value.mod(BigInteger.ONE.shiftLeft(32)))
                        : new Address(false, value));
    }

    private static BigInteger value(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    /** A block: an address, and how many bits count. */
    record Block(boolean four, BigInteger value, int bits) {
        boolean contains(Address address) {
            int rest = (four ? 32 : 128) - bits;
            return four == address.four()
                    && value.shiftRight(rest).equals(address.value().shiftRight(rest));
        }
    }

    static Optional<Block> block(String text) {
        int slash = text.indexOf('/');
        String before = slash < 0 ? text : text.substring(0, slash);
        boolean six = before.contains(":");
        int most = six ? 128 : 32;
        String prefix = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
        Optional<Address> address = address(before);
        if (address.isEmpty() || !PREFIX.matcher(prefix).matches() || Integer.parseInt(prefix) > most) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(prefix);
        boolean four = address.get().four() && (!six || bits >= 96);
        BigInteger value = address.get().value();
        if (address.get().four() && !four) {
            value = value.or(MAPPED.shiftLeft(32));
        }
        Block block = new Block(four, value, four && six ? bits - 96 : bits);
        int rest = (four ? 32 : 128) - block.bits();
        return value.shiftRight(rest).shiftLeft(rest).equals(value) ? Optional.of(block) : Optional.empty();
    }

    /** An origin, with the host as it is compared. */
    record Origin(boolean https, String host, int port, boolean address) {
        boolean is(Website website) {
            return https == website.https()
                    && port == website.port()
                    && (website.subdomains()
                            ? !address && host.endsWith("." + website.host())
                            : host.equals(website.host()));
        }
    }

    private static final Pattern ORIGIN = Pattern.compile(
            "[Hh][Tt][Tt][Pp]([Ss]?)://(?:\\[([^\\[\\]]*)\\]|([^:\\[\\]]*))(?::([1-9][0-9]{0,4}))?", Pattern.DOTALL);
    private static final String LABEL = "[a-z0-9_-]{1,63}";
    private static final Pattern NAME = Pattern.compile("(?:" + LABEL + "\\.)*(" + LABEL + ")");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    private static final IDNA UTS46 =
            IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ);
    private static final Set<IDNA.Error> REFUSED = Set.of(
            IDNA.Error.LEADING_COMBINING_MARK,
            IDNA.Error.DISALLOWED,
            IDNA.Error.PUNYCODE,
            IDNA.Error.LABEL_HAS_DOT,
            IDNA.Error.INVALID_ACE_LABEL,
            IDNA.Error.BIDI,
            IDNA.Error.CONTEXTJ);

    static Optional<Origin> origin(String text) {
        Matcher origin = ORIGIN.matcher(text);
        if (text.length() > 2048 || !origin.matches()) {
            return Optional.empty();
        }
        boolean https = !origin.group(1).isEmpty();
        int port = origin.group(4) == null ? (https ? 443 : 80) : Integer.parseInt(origin.group(4));
        if (port > 65_535) {
            return Optional.empty();
        }
        String six = origin.group(2);
        if (six != null) {
            return SIX.matcher(six).matches()
                    ? Optional.of(new Origin(https, "[" + canonicalSix(six) + "]", port, true))
                    : Optional.empty();
        }
        return name(origin.group(3))
                .map(host -> new Origin(https, host, port, FOUR.matcher(host).matches()));
    }

    private static Optional<String> name(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (text.chars().anyMatch(c -> c > 0x7f)) {
            IDNA.Info info = new IDNA.Info();
            name = UTS46.nameToASCII(text, new StringBuilder(), info).toString();
            if (info.getErrors().stream().anyMatch(REFUSED::contains)) {
                return Optional.empty();
            }
        }
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        Matcher labels = NAME.matcher(name);
        if (name.length() > 253 || !labels.matches()) {
            return Optional.empty();
        }
        boolean number = NUMBER.matcher(labels.group(1)).matches();
        return number && !FOUR.matcher(name).matches() ? Optional.empty() : Optional.of(name);
    }

    /** RFC 5952, by a library. */
    static String canonicalSix(String text) {
        byte[] octets = new byte[16];
        BigInteger value = address(text)
                .map(address -> address.four() ? address.value().or(MAPPED.shiftLeft(32)) : address.value())
                .orElseThrow();
        byte[] some = value.toByteArray();
        int length = Math.min(16, some.length);
        System.arraycopy(some, some.length - length, octets, 16 - length, length);
        return new IPv6Address(octets).toCanonicalString();
    }

    private static final Pattern TOKEN =
            Pattern.compile("([a-z0-9]{2,12})_(web|mob|ana|srv|pat)_([0-9A-Za-z]{11})[0-9A-Za-z]{27}([0-9A-Za-z]{6})");
    private static final BigInteger BASE = BigInteger.valueOf(62);

    /** The parts of a token: brand, tag and id. */
    static Optional<List<String>> token(String text) {
        Matcher token = TOKEN.matcher(text);
        return token.matches() && token.group(4).equals(check(text.substring(0, text.length() - 6)))
                ? Optional.of(List.of(token.group(1), token.group(2), token.group(3)))
                : Optional.empty();
    }

    static String check(String signed) {
        CRC32 crc = new CRC32();
        signed.chars().forEach(crc::update);
        BigInteger rest = BigInteger.valueOf(crc.getValue());
        StringBuilder check = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            int digit = rest.mod(BASE).intValue();
            check.append((char) (digit < 10 ? '0' + digit : digit < 36 ? 'A' + digit - 10 : 'a' + digit - 36));
            rest = rest.divide(BASE);
        }
        return check.reverse().toString();
    }

    private static final String WORD = "[a-z][a-z0-9_-]*";
    private static final Pattern QUESTION = Pattern.compile(WORD + "\\." + WORD);
    private static final Pattern GRANT = Pattern.compile("(?:\\*|" + WORD + ")\\.(?:\\*|" + WORD + ")");

    static boolean isQuestion(String text) {
        return text.length() <= 100 && QUESTION.matcher(text).matches();
    }

    static boolean isGrant(String text) {
        return text.length() <= 100 && GRANT.matcher(text).matches();
    }

    /** Whether these grants, without a catalogue, stand for what is asked. */
    static boolean grants(List<String> grants, String question) {
        if (!isQuestion(question)) {
            return false;
        }
        if (question.equals("keys.verify") || question.equals("keys.replicate")) {
            return grants.contains(question);
        }
        return grants.stream()
                .anyMatch(grant -> question.matches(grant.replace(".", "\\.").replace("*", "[^.]*")));
    }
}
