package dev.keyrack.verifier;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A list of websites in one array of bytes, so that a key with three of its own costs some 90 bytes for them, and one
 * among a thousand is found as quickly as the only one.
 *
 * <p>A short list is looked through. A longer one has a hash table of offsets in front of it. Hosts are hashed from their
 * last character to their first, so that one walk over the host gives the hashes of all of its parent domains.
 */
final class WebsiteSet {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder())
            .withInvokeExactBehavior();

    /** The first byte: how many bits of a hash choose the slot, 0 for a list without a table; and whether to look for parents. */
    private static final int HEAD = 1;

    private static final int BITS = 0x1f;
    private static final int WITH_SUBDOMAINS = 0x20;

    private static final int MOST_LOOKED_THROUGH = 8;

    /** Before a host: what it stands for, its port, its length. */
    private static final int ENTRY_HEAD = 4;

    private static final int HTTPS = 1;
    private static final int SUBDOMAINS = 2;

    /** Differs between processes, so that nobody can choose hosts that share a slot. */
    private static final int SEED = new SplittableRandom().nextInt();

    private static final int SPREAD = 0x9E3779B9;

    private WebsiteSet() {}

    static byte[] pack(List<Website> websites) {
        List<byte[]> entries =
                new LinkedHashSet<>(websites).stream().map(WebsiteSet::entry).toList();
        int bits = entries.size() <= MOST_LOOKED_THROUGH ? 0 : 33 - Integer.numberOfLeadingZeros(entries.size());
        int table = bits == 0 ? 0 : 4 << bits;
        byte[] index = new byte[table];
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        boolean parents = websites.stream().anyMatch(Website::subdomains);
        packed.write(bits | (bits > 0 && parents ? WITH_SUBDOMAINS : 0));
        int at = HEAD + table;
        ByteArrayOutputStream hosts = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            if (bits > 0) {
                put(index, bits, hash(entry), at);
            }
            hosts.writeBytes(entry);
            at += entry.length;
        }
        packed.writeBytes(index);
        packed.writeBytes(hosts.toByteArray());
        return packed.toByteArray();
    }

    private static byte[] entry(Website website) {
        byte[] host = website.host().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(ENTRY_HEAD + host.length)
                .put((byte) kind(website.https(), website.subdomains()))
                .putShort((short) website.port())
                .put((byte) host.length)
                .put(host)
                .array();
    }

    static List<Website> unpack(byte[] set) {
        List<Website> websites = new ArrayList<>();
        for (int at = begin(set); at < set.length; at = next(set, at)) {
            String host = new String(set, at + ENTRY_HEAD, set[at + 3] & 0xff, StandardCharsets.US_ASCII);
            websites.add(new Website((set[at] & HTTPS) != 0, (set[at] & SUBDOMAINS) != 0, host, port(set, at)));
        }
        return websites;
    }

    private static int begin(byte[] set) {
        return set[0] == 0 ? HEAD : HEAD + (4 << (set[0] & BITS));
    }

    private static int next(byte[] set, int entry) {
        return entry + ENTRY_HEAD + (set[entry + 3] & 0xff);
    }

    private static int port(byte[] set, int entry) {
        return ((set[entry + 1] & 0xff) << 8) | (set[entry + 2] & 0xff);
    }

    private static int kind(boolean https, boolean subdomains) {
        return (https ? HTTPS : 0) | (subdomains ? SUBDOMAINS : 0);
    }

    private static void put(byte[] index, int bits, int hash, int at) {
        int slot = hash >>> (32 - bits);
        while ((int) INTS.get(index, slot * 4) != 0) {
            slot = (slot + 1) & ((1 << bits) - 1);
        }
        INTS.set(index, slot * 4, at);
    }

    private static int hash(byte[] entry) {
        int hash = SEED;
        for (int i = entry.length - 1; i >= ENTRY_HEAD; i--) {
            hash = step(hash, entry[i]);
        }
        return finish(hash, entry[0], port(entry, 0));
    }

    private static int step(int hash, byte next) {
        return (hash ^ next) * SPREAD;
    }

    private static int finish(int hash, int kind, int port) {
        int mixed = (hash ^ (port << 2) ^ kind) * SPREAD;
        return (mixed ^ (mixed >>> 15)) * SPREAD;
    }

    /** Whether this origin is one of the websites. */
    static boolean contains(byte[] set, OriginReader origin) {
        return set[0] == 0 ? lookedThrough(set, origin) : lookedUp(set, origin);
    }

    private static boolean lookedThrough(byte[] set, OriginReader origin) {
        for (int at = HEAD; at < set.length; at = next(set, at)) {
            boolean subdomains = (set[at] & SUBDOMAINS) != 0;
            int from = subdomains ? origin.hostLength() - (set[at + 3] & 0xff) : 0;
            if (isEntry(set, at, kind(origin.https(), subdomains), origin, from)) {
                return true;
            }
        }
        return false;
    }

    private static boolean lookedUp(byte[] set, OriginReader origin) {
        byte[] host = origin.host();
        boolean parents = (set[0] & WITH_SUBDOMAINS) != 0;
        int hash = SEED;
        for (int i = origin.hostLength() - 1; i >= 0; i--) {
            if (parents && host[i] == '.' && found(set, hash, kind(origin.https(), true), origin, i + 1)) {
                return true;
            }
            hash = step(hash, host[i]);
        }
        return found(set, hash, kind(origin.https(), false), origin, 0);
    }

    /** Whether the table has the part of the host that begins here, as an entry of this kind. */
    private static boolean found(byte[] set, int hash, int kind, OriginReader origin, int from) {
        int bits = set[0] & BITS;
        int slot = finish(hash, kind, origin.port()) >>> (32 - bits);
        while (true) {
            int at = (int) INTS.get(set, HEAD + slot * 4);
            if (at == 0) {
                return false;
            }
            if (isEntry(set, at, kind, origin, from)) {
                return true;
            }
            slot = (slot + 1) & ((1 << bits) - 1);
        }
    }

    private static boolean isEntry(byte[] set, int at, int kind, OriginReader origin, int from) {
        int length = set[at + 3] & 0xff;
        boolean subdomains = (kind & SUBDOMAINS) != 0;
        return set[at] == kind
                && port(set, at) == origin.port()
                && origin.hostLength() - from == length
                && (!subdomains || (from > 1 && !origin.isAddress() && origin.host()[from - 1] == '.'))
                && isSame(set, at + ENTRY_HEAD, origin.host(), from, length);
    }

    /** Eight bytes at once; the last eight may overlap those before. Names are too short for what the JDK has. */
    private static boolean isSame(byte[] some, int at, byte[] other, int from, int length) {
        if (length < Long.BYTES) {
            return Arrays.equals(some, at, at + length, other, from, from + length);
        }
        int last = length - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            if ((long) LONGS.get(some, at + i) != (long) LONGS.get(other, from + i)) {
                return false;
            }
        }
        return (long) LONGS.get(some, at + last) == (long) LONGS.get(other, from + last);
    }
}
