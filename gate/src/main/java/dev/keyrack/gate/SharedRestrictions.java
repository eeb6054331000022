package dev.keyrack.gate;

import dev.keyrack.verifier.Restrictions;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the restrictions that were read, so that a long list that many keys share is parsed once. It keeps none of them
 * alive, and no long text: what no key has any more is gone.
 */
final class SharedRestrictions {
    /** Texts that are remembered; when there are more, all are forgotten, and read again as they come. */
    static final int MOST = 10_000;

    /** Longer texts are known by their digest. */
    private static final int SHORT = 200;

    private final Function<String, Restrictions> reader;
    private final Map<String, WeakReference<Restrictions>> known = new ConcurrentHashMap<>();

    /**
     * By what they say: the same may be written in several ways, in the store as its owner did and in the feed in order. Keys
     * hold one of them; were another remembered for the other text, nobody would hold it, and it would be read again and again.
     */
    private final Map<Restrictions, WeakReference<Restrictions>> same = new WeakHashMap<>();

    SharedRestrictions() {
        this(RestrictionsJson::read);
    }

    /** @param reader of a text that is not known yet */
    SharedRestrictions(Function<String, Restrictions> reader) {
        this.reader = reader;
    }

    /** How many texts or lists it remembers at present, whichever are more: at most {@link #MOST}. */
    synchronized int remembered() {
        return Math.max(known.size(), same.size());
    }

    /** What this text says; a missing one says nothing. */
    Restrictions of(@Nullable String text) {
        if (text == null || text.equals(RestrictionsJson.EMPTY)) {
            return Restrictions.NONE;
        }
        String name = text.length() <= SHORT ? text : digest(text);
        WeakReference<Restrictions> reference = known.get(name);
        Restrictions shared = reference == null ? null : reference.get();
        if (shared == null) {
            shared = theOneLike(reader.apply(text));
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(name, new WeakReference<>(shared));
        }
        return shared;
    }

    private synchronized Restrictions theOneLike(Restrictions read) {
        WeakReference<Restrictions> reference = same.get(read);
        Restrictions former = reference == null ? null : reference.get();
        if (former == null) {
            if (same.size() >= MOST) {
                same.clear();
            }
            same.put(read, new WeakReference<>(read));
            return read;
        }
        return former;
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
