package dev.keyrack.verifier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key in the replica. Immutable: a change replaces the whole record, so that a reader never sees half of one.
 *
 * <p>Laid out for memory: 104 bytes with compact object headers. Ten million of them are the goal.
 */
public final class ReplicaKey {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final long idHigh;

    /** The last three characters of the id in the lower 24 bits, above them the type and the state, four bits each. */
    private final int idLowTypeState;

    private final long digestA;
    private final long digestB;
    private final long digestC;
    private final long digestD;
    private final long version;
    private final long expiresAt;
    private final ReplicaOrganization organization;
    private final String projectId;
    private final Permissions permissions;
    private final Restrictions restrictions;
    private final FeedChange.Token @Nullable [] older;
    private final int generation;

    /**
     * The {@link UniversalHash} of the newest token, since it was seen to be good. Any reader may write it, one part after the
     * other: what they write is the same, and a half of it is no other token's hash either.
     */
    private long seenHigh;

    private int seenLow;

    private static final int ID_MASK = 0xff_ffff;
    private static final int TYPE_SHIFT = 24;
    private static final int STATE_SHIFT = 28;
    private static final int ORDINAL = 0xf;
    private static final KeyType[] TYPES = KeyType.values();
    private static final KeyState[] STATES = KeyState.values();

    @SuppressWarnings("EnumOrdinal") // packed into four bits; never leaves this process
    ReplicaKey(
            FeedChange.Key key,
            ReplicaOrganization organization,
            String projectId,
            Permissions permissions,
            Restrictions restrictions) {
        byte[] id = key.id().value().getBytes(StandardCharsets.US_ASCII);
        this.idHigh = high(id, 0);
        this.idLowTypeState =
                low(id, 0) | key.type().ordinal() << TYPE_SHIFT | key.state().ordinal() << STATE_SHIFT;
        FeedChange.Token newest = key.tokens().getFirst();
        this.digestA = newest.digest().a;
        this.digestB = newest.digest().b;
        this.digestC = newest.digest().c;
        this.digestD = newest.digest().d;
        this.version = key.version();
        this.expiresAt = key.expiresAt();
        this.organization = organization;
        this.projectId = projectId;
        this.permissions = permissions;
        this.restrictions = restrictions;
        List<FeedChange.Token> rest = key.tokens().subList(1, key.tokens().size());
        this.older = rest.isEmpty() ? null : rest.toArray(FeedChange.Token[]::new);
        this.generation = newest.generation();
    }

    /** The first eight characters of the id that begins here. */
    static long high(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /** The other three. */
    static int low(byte[] bytes, int at) {
        return (int) INTS.get(bytes, at + 7) & ID_MASK;
    }

    boolean is(long high, int low) {
        return idHigh == high && idLow() == low;
    }

    private int idLow() {
        return idLowTypeState & ID_MASK;
    }

    boolean sameId(ReplicaKey other) {
        return other.is(idHigh, idLow());
    }

    /** Spreads ids over the table. They were drawn at random by the control plane, never chosen by a caller. */
    static int hash(long high, int low) {
        long mixed = (high ^ ((long) low << 40) ^ low) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
    }

    int hash() {
        return hash(idHigh, idLow());
    }

    /** Whether this digest is the newest token's, compared in constant time. */
    boolean hasDigest(byte[] digest) {
        return ((digestA ^ Digest.word(digest, 0))
                        | (digestB ^ Digest.word(digest, 1))
                        | (digestC ^ Digest.word(digest, 2))
                        | (digestD ^ Digest.word(digest, 3)))
                == 0;
    }

    /** Whether this hash is that of the newest token, once that was {@link #saw seen}; compared in constant time. */
    boolean knows(UniversalHash hash) {
        return ((seenHigh ^ hash.high()) | (seenLow ^ hash.low())) == 0;
    }

    /** Remembers the newest token by its hash: a text with its digest, whose form and check were found right. */
    void saw(UniversalHash hash) {
        seenHigh = hash.high();
        seenLow = hash.low();
    }

    /** The older token with this digest, or null. */
    FeedChange.@Nullable Token olderWithDigest(byte[] digest) {
        if (older == null) {
            return null;
        }
        FeedChange.Token found = null;
        for (FeedChange.Token token : older) {
            Digest d = token.digest();
            if (((d.a ^ Digest.word(digest, 0))
                            | (d.b ^ Digest.word(digest, 1))
                            | (d.c ^ Digest.word(digest, 2))
                            | (d.d ^ Digest.word(digest, 3)))
                    == 0) {
                found = token;
            }
        }
        return found;
    }

    /** The superseded token of this generation; empty for the newest. */
    Optional<FeedChange.Token> superseded(int generation) {
        if (older != null) {
            for (FeedChange.Token token : older) {
                if (token.generation() == generation) {
                    return Optional.of(token);
                }
            }
        }
        return Optional.empty();
    }

    public String id() {
        byte[] text = new byte[TokenFormat.ID_LENGTH];
        for (int i = 0; i < 8; i++) {
            text[i] = (byte) (idHigh >>> (56 - 8 * i));
        }
        text[8] = (byte) (idLowTypeState >>> 16);
        text[9] = (byte) (idLowTypeState >>> 8);
        text[10] = (byte) idLowTypeState;
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    public KeyType type() {
        return TYPES[idLowTypeState >>> TYPE_SHIFT & ORDINAL];
    }

    KeyState state() {
        return STATES[idLowTypeState >>> STATE_SHIFT & ORDINAL];
    }

    long version() {
        return version;
    }

    public int generation() {
        return generation;
    }

    /** When the key expires, in microseconds since 1970, or {@link FeedChange#NEVER}. */
    public long expiresAt() {
        return expiresAt;
    }

    public ReplicaOrganization organization() {
        return organization;
    }

    public String projectId() {
        return projectId;
    }

    /** The permissions by name; nothing when the key has all that its type allows. */
    public Optional<List<String>> permissions() {
        return permissions.list();
    }

    Restrictions restrictions() {
        return restrictions;
    }

    boolean grants(String permission, ReplicaCatalogue catalogue) {
        return permissions.grant(permission, catalogue, type());
    }
}
