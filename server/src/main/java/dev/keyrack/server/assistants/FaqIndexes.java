package dev.keyrack.server.assistants;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** The indexes of the projects that were asked lately, each as long as its entries stay what they are. */
final class FaqIndexes {
    /** How many characters of questions and answers are held at most; of an index's memory, a third. */
    private static final long MAX_CHARACTERS = 20_000_000;

    private final Map<String, Held> held = new LinkedHashMap<>(16, 0.75f, true);

    private record Held(long version, long characters, FutureTask<FaqIndex> index) {}

    /**
     * The index of these entries. Two who ask at once wait for the same one.
     *
     * @param entries called only where there is none of this version
     */
    FaqIndex of(String projectId, long version, Supplier<List<Entry>> entries) {
        Held present = held(projectId, version);
        if (present == null) {
            List<Entry> all = entries.get();
            present = hold(projectId, version, all);
        }
        try {
            present.index().run();
            return present.index().get();
        } catch (ExecutionException e) {
            drop(projectId, present);
            throw new IllegalStateException("the index could not be built", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the index was not waited for", e);
        }
    }

    private synchronized @org.jspecify.annotations.Nullable Held held(String projectId, long version) {
        Held present = held.get(projectId);
        return present != null && present.version() == version ? present : null;
    }

    private synchronized Held hold(String projectId, long version, List<Entry> entries) {
        Held present = held.get(projectId);
        if (present != null && present.version() >= version) {
            if (present.version() == version) {
                return present;
            }
            // Somebody read the entries later than we did, and is done already.
            return new Held(version, 0, new FutureTask<>(() -> new FaqIndex(entries)));
        }
        long characters = 0;
        for (Entry entry : entries) {
            characters += entry.question().length() + entry.answer().length();
        }
        Held made = new Held(version, characters, new FutureTask<>(() -> new FaqIndex(entries)));
        held.put(projectId, made);
        makeRoom(projectId);
        return made;
    }

    private void makeRoom(String but) {
        long sum = held.values().stream().mapToLong(Held::characters).sum();
        Iterator<Map.Entry<String, Held>> oldest = held.entrySet().iterator();
        while (sum > MAX_CHARACTERS && oldest.hasNext()) {
            Map.Entry<String, Held> next = oldest.next();
            if (!next.getKey().equals(but)) {
                sum -= next.getValue().characters();
                oldest.remove();
            }
        }
    }

    private synchronized void drop(String projectId, Held failed) {
        held.remove(projectId, failed);
    }
}
