package dev.keyrack.chaos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Every token that was handed out, for those who ask about them. */
final class KeyRing {
    private static final int RECENT = 60;

    private final List<Token> all = new ArrayList<>();
    private final Map<String, List<Token>> byKey = new HashMap<>();
    private final List<Token> steady = new ArrayList<>();
    private final Deque<Token> recent = new ArrayDeque<>();

    synchronized void add(Token token) {
        all.add(token);
        byKey.computeIfAbsent(token.key(), key -> new ArrayList<>()).add(token);
        touched(token.key());
    }

    /** One of a key that nobody changes. */
    synchronized void addSteady(Token token) {
        add(token);
        steady.add(token);
    }

    /** A change of this key was asked for, or came back: now is the time to ask about it. */
    synchronized void touched(String key) {
        for (Token token : byKey.getOrDefault(key, List.of())) {
            recent.remove(token);
            recent.addLast(token);
        }
        while (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }

    /** One to ask about: most often one that was just changed, sometimes one that must be on, sometimes any. */
    synchronized @Nullable Token pick(SplittableRandom random) {
        if (all.isEmpty()) {
            return null;
        }
        int choice = random.nextInt(10);
        if (choice < 6 && !recent.isEmpty()) {
            return recent.stream()
                    .skip(random.nextInt(recent.size()))
                    .findFirst()
                    .orElseThrow();
        }
        List<Token> from = choice < 9 && !steady.isEmpty() ? steady : all;
        return from.get(random.nextInt(from.size()));
    }

    synchronized List<Token> all() {
        return List.copyOf(all);
    }
}
