package dev.keyrack.verifier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of networks in one array of bytes, so that a key with one network of its own costs 24 bytes for it, and a list of
 * ten thousand is searched in fourteen steps.
 *
 * <p>Two bytes count the blocks of IPv4; then come their first and last addresses, then those of IPv6, each in order.
 * Blocks are disjoint: those that lie in another one are left out.
 */
final class NetworkSet {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final int HEAD = 2;
    private static final int FOUR = 8;
    private static final int SIX = 32;
    private static final Comparator<Network> IN_ORDER = Comparator.comparing(Network::four)
            .reversed()
            .thenComparing(Network::high, Long::compareUnsigned)
            .thenComparing(Network::low, Long::compareUnsigned)
            .thenComparing(Network::prefix);

    private NetworkSet() {}

    static byte[] pack(List<Network> networks) {
        List<Network> disjoint = new ArrayList<>();
        for (Network network : networks.stream().sorted(IN_ORDER).toList()) {
            if (disjoint.isEmpty() || !disjoint.getLast().contains(network)) {
                disjoint.add(network);
            }
        }
        int fours = (int) disjoint.stream().filter(Network::four).count();
        ByteBuffer packed = ByteBuffer.allocate(HEAD + fours * FOUR + (disjoint.size() - fours) * SIX);
        packed.putShort((short) fours);
        for (Network network : disjoint) {
            if (network.four()) {
                packed.putInt((int) network.low()).putInt((int) network.lastLow());
            } else {
                packed.putLong(network.high()).putLong(network.low());
                packed.putLong(network.lastHigh()).putLong(network.lastLow());
            }
        }
        return packed.array();
    }

    static List<Network> unpack(byte[] set) {
        List<Network> networks = new ArrayList<>();
        int sixes = HEAD + fours(set) * FOUR;
        for (int at = HEAD; at < sixes; at += FOUR) {
            long first = (0xffffL << 32) | ((int) INTS.get(set, at) & 0xffff_ffffL);
            int host = (int) INTS.get(set, at) ^ (int) INTS.get(set, at + 4);
            networks.add(new Network(0, first, 96 + Integer.numberOfLeadingZeros(host), true));
        }
        for (int at = sixes; at < set.length; at += SIX) {
            long high = (long) LONGS.get(set, at);
            long low = (long) LONGS.get(set, at + 8);
            int inHigh = Long.numberOfLeadingZeros(high ^ (long) LONGS.get(set, at + 16));
            int inLow = Long.numberOfLeadingZeros(low ^ (long) LONGS.get(set, at + 24));
            networks.add(new Network(high, low, inHigh < 64 ? inHigh : 64 + inLow, false));
        }
        return networks;
    }

    static boolean contains(byte[] set, AddressReader address) {
        return address.four() ? containsFour(set, (int) address.low()) : containsSix(set, address);
    }

    private static int fours(byte[] set) {
        return ((set[0] & 0xff) << 8) | (set[1] & 0xff);
    }

    /** Finds the last block that begins at or before the address, and looks whether it ends after it. */
    private static boolean containsFour(byte[] set, int address) {
        int from = 0;
        // Always as many steps for as many blocks, and no branch that depends on the address: what is not predicted
        // costs
        // more than a step.
        for (int left = fours(set); left > 0; ) {
            int half = (left + 1) >>> 1;
            int block = (int) INTS.get(set, HEAD + (from + half - 1) * FOUR);
            from += Integer.compareUnsigned(block, address) <= 0 ? half : 0;
            left -= half;
        }
        return from > 0 && Integer.compareUnsigned(address, (int) INTS.get(set, HEAD + from * FOUR - 4)) <= 0;
    }

    private static boolean containsSix(byte[] set, AddressReader address) {
        int begin = HEAD + fours(set) * FOUR;
        int from = 0;
        int to = (set.length - begin) / SIX;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (compare(set, begin + middle * SIX, address) <= 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from > 0 && compare(set, begin + from * SIX - 16, address) >= 0;
    }

    private static int compare(byte[] set, int at, AddressReader address) {
        int high = Long.compareUnsigned((long) LONGS.get(set, at), address.high());
        return high != 0 ? high : Long.compareUnsigned((long) LONGS.get(set, at + 8), address.low());
    }
}
