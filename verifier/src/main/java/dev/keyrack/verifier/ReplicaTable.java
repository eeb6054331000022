package dev.keyrack.verifier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An open-addressed hash table of keys with one writer and lock-free readers.
 *
 * <p>At most half full, so that looking up a missing id costs two or three probes. Each slot has a tag of one byte, a part of
 * its key's hash: a reader passes over the keys of others without reading them, which no cache holds. A slot goes from empty
 * to a key, from a key to its successor or to {@link #GONE}, and never back to empty, so that a reader that walks the probes
 * while the writer works cannot miss a key. Growing builds new arrays and publishes them whole.
 */
final class ReplicaTable {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final VarHandle TAG = MethodHandles.arrayElementVarHandle(byte[].class);
    private static final Object GONE = new Object();
    private static final int FIRST_CAPACITY = 1 << 10;

    /** Policies that are remembered for sharing; a key keeps its own when they are forgotten. */
    private static final int MOST_SHARED = 10_000;

    /** Keys and their tags, by the same index. */
    private static final class Slots {
        final Object[] keys;

        /** 0 for a slot that was never used. Written after the key. */
        final byte[] tags;

        Slots(int capacity) {
            keys = new Object[capacity];
            tags = new byte[capacity];
        }

        int capacity() {
            return tags.length;
        }
    }

    private volatile Slots slots;
    private int used;
    private int live;
    private volatile int size;
    private volatile Replica.Position position = new Replica.Position(0, 0);

    /**
     * Why nothing in here is good enough for {@code VALID}. Stands beside the keys, so that a verdict that was begun on
     * this table is not made {@code VALID} by the snapshot that replaces it.
     */
    private volatile @Nullable String halted;

    private volatile ReplicaCatalogue catalogue = ReplicaCatalogue.NONE;

    /** Of all that entries told of, also those without a key. */
    private final Map<String, ReplicaOrganization> organizations = new ConcurrentHashMap<>();

    /** Only the writer touches these: shared values, so that a key costs a reference and not a copy. */
    private final Map<String, String> projects = new HashMap<>();

    private final Map<Permissions, Permissions> permissions = new HashMap<>();
    /** Weakly: lists are long, and what no key has any more must not stay. */
    private final Map<Restrictions, WeakReference<Restrictions>> restrictions = new WeakHashMap<>();

    ReplicaTable() {
        this(FIRST_CAPACITY);
    }

    /** @param capacity slots to begin with, a power of two */
    ReplicaTable(int capacity) {
        slots = new Slots(capacity);
    }

    @Nullable
    ReplicaKey find(long idHigh, int idLow) {
        Slots now = slots;
        int mask = now.capacity() - 1;
        int hash = ReplicaKey.hash(idHigh, idLow);
        byte wanted = tag(hash);
        for (int i = hash & mask; ; i = (i + 1) & mask) {
            byte tag = (byte) TAG.getAcquire(now.tags, i);
            if (tag == wanted && SLOT.getAcquire(now.keys, i) instanceof ReplicaKey key && key.is(idHigh, idLow)) {
                return key;
            }
            if (tag == 0) {
                return null;
            }
        }
    }

    /** Of the bits of a hash that choose no slot, in a table of up to 32 million. */
    private static byte tag(int hash) {
        return (byte) (hash >>> 25 | 0x80);
    }

    void apply(FeedChange change) {
        switch (change) {
            case FeedChange.Key key -> put(replicated(key));
            case FeedChange.KeyRemoved(KeyId id) -> remove(id);
            case FeedChange.Organization organization ->
                organization(organization.id()).become(organization);
            case FeedChange.Catalogue newer -> become(newer);
            case FeedChange.Node node -> {}
            case FeedChange.Unknown unknown ->
                throw new IllegalArgumentException("an entry of an unknown kind cannot be applied: " + unknown.kind());
        }
    }

    private void become(FeedChange.Catalogue newer) {
        if (newer.version() >= catalogue.version()) {
            catalogue = ReplicaCatalogue.of(newer);
        }
    }

    ReplicaCatalogue catalogue() {
        return catalogue;
    }

    void moveTo(long number, long tag) {
        position = new Replica.Position(number, tag);
    }

    void halt(String why) {
        halted = why;
    }

    @Nullable
    String halted() {
        return halted;
    }

    Replica.Position position() {
        return position;
    }

    int size() {
        return size;
    }

    private ReplicaKey replicated(FeedChange.Key key) {
        if (permissions.size() >= MOST_SHARED) {
            permissions.clear();
        }
        if (restrictions.size() >= MOST_SHARED) {
            restrictions.clear();
        }
        Permissions granted = Permissions.of(key.permissions(), key.permissionsAsOf());
        return new ReplicaKey(
                key,
                organization(key.organizationId()),
                projects.computeIfAbsent(key.projectId(), id -> id),
                permissions.computeIfAbsent(granted, same -> same),
                shared(key.restrictions()));
    }

    private Restrictions shared(Restrictions own) {
        if (own.isEmpty()) {
            return Restrictions.NONE;
        }
        WeakReference<Restrictions> reference = restrictions.get(own);
        Restrictions known = reference == null ? null : reference.get();
        if (known != null) {
            return known;
        }
        restrictions.put(own, new WeakReference<>(own));
        return own;
    }

    private ReplicaOrganization organization(String id) {
        return organizations.computeIfAbsent(id, ReplicaOrganization::new);
    }

    /** Whether the organization is known, and turned off. */
    boolean suspended(String organizationId) {
        ReplicaOrganization known = organizations.get(organizationId);
        return known != null && known.suspended();
    }

    private void put(ReplicaKey key) {
        int at = slotOf(slots, key);
        if (slots.keys[at] instanceof ReplicaKey former) {
            if (key.version() >= former.version() || Fault.ENTRIES_OUT_OF_ORDER.planted()) {
                SLOT.setRelease(slots.keys, at, key);
            }
            return;
        }
        if (2 * (used + 1) > slots.capacity()) {
            grow();
            at = slotOf(slots, key);
        }
        write(slots, at, key);
        used++;
        live++;
        size = live;
    }

    private void remove(KeyId id) {
        byte[] bytes = id.value().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        ReplicaKey key = find(ReplicaKey.high(bytes, 0), ReplicaKey.low(bytes, 0));
        if (key != null) {
            SLOT.setRelease(slots.keys, slotOf(slots, key), GONE);
            live--;
            size = live;
        }
    }

    private void grow() {
        Slots bigger = new Slots(4 * live > slots.capacity() ? slots.capacity() * 2 : slots.capacity());
        for (Object slot : slots.keys) {
            if (slot instanceof ReplicaKey key) {
                write(bigger, slotOf(bigger, key), key);
            }
        }
        used = live;
        slots = bigger;
    }

    /** Into an empty slot. The tag last, since it tells readers that there is a key. */
    private static void write(Slots slots, int at, ReplicaKey key) {
        SLOT.setRelease(slots.keys, at, key);
        TAG.setRelease(slots.tags, at, tag(key.hash()));
    }

    /** Where the key stands, or the empty slot where it would. */
    private static int slotOf(Slots slots, ReplicaKey key) {
        int mask = slots.capacity() - 1;
        int i = key.hash() & mask;
        while (slots.tags[i] != 0 && !(slots.keys[i] instanceof ReplicaKey other && other.sameId(key))) {
            i = (i + 1) & mask;
        }
        return i;
    }
}
