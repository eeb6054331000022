package dev.keyrack.chaos;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A client that creates, disables, enables, regenerates with and without an overlap, and revokes, through any node that serves, one change at a time. A
 * change that got no clear answer is repeated, as the API says that it may be.
 */
final class Changer implements Runnable {
    private static final int LIVING = 10;
    private static final int ATTEMPTS = 6;

    /** In seconds: so that most of them end while their key is still asked about. */
    private static final int LONGEST_OVERLAP = 4;

    private final String name;
    private final List<Node> serves;
    private final Desk desk;
    private final List<TrackedKey> keys;
    private final SplittableRandom random;
    private final BooleanSupplier going;
    private int created;

    /**
     * @param keys which other clients may change as well, and the list with them
     * @param going whether to go on
     */
    Changer(
            String name,
            List<Node> serves,
            Desk desk,
            List<TrackedKey> keys,
            SplittableRandom random,
            BooleanSupplier going) {
        this.name = name;
        this.serves = serves;
        this.desk = desk;
        this.keys = keys;
        this.random = random;
        this.going = going;
    }

    @Override
    public void run() {
        try {
            while (going.getAsBoolean()) {
                change();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void change() throws InterruptedException {
        int choice = random.nextInt(12);
        List<TrackedKey> living = List.copyOf(keys);
        if (living.isEmpty() || (choice < 4 && living.size() < LIVING)) {
            create();
            return;
        }
        TrackedKey key = living.get(random.nextInt(living.size()));
        Deed deed = switch (choice) {
            case 0, 1, 2 -> Deed.REVOKE;
            case 3, 4, 5 -> Deed.REGENERATE;
            case 6 -> Deed.END_OVERLAP;
            default -> key.active ? Deed.DISABLE : Deed.ENABLE;
        };
        int overlap = deed == Deed.REGENERATE ? random.nextInt(LONGEST_OVERLAP + 1) : 0;
        Outcome outcome = Outcome.UNKNOWN;
        for (int attempt = 0; attempt < ATTEMPTS && outcome == Outcome.UNKNOWN && going.getAsBoolean(); attempt++) {
            pause(attempt);
            Desk.Done done = overlap > 0
                    ? desk.regenerate(name, anyServe(), key, overlap)
                    : desk.change(name, anyServe(), deed, key);
            outcome = done.outcome();
        }
        if (outcome == Outcome.OK) {
            key.active = switch (deed) {
                case CREATE, ENABLE -> true;
                case DISABLE, REVOKE -> false;
                case REGENERATE, END_OVERLAP -> key.active;
            };
        }
        if (deed == Deed.REVOKE || outcome == Outcome.REFUSED) {
            keys.remove(key); // refused: revoked by somebody else, or by a change that got no answer
        }
    }

    private void create() throws InterruptedException {
        String key = name + "-" + ++created;
        for (int attempt = 0; attempt < ATTEMPTS && going.getAsBoolean(); attempt++) {
            pause(attempt);
            Desk.Done done = desk.create(name, anyServe(), key, false);
            if (done.outcome() == Outcome.OK) {
                keys.add(new TrackedKey(key, done.id()));
            }
            if (done.outcome() != Outcome.UNKNOWN) {
                return;
            }
        }
    }

    private static void pause(int attempt) throws InterruptedException {
        if (attempt > 0) {
            TimeUnit.MILLISECONDS.sleep(300);
        }
    }

    private Node anyServe() {
        return serves.get(random.nextInt(serves.size()));
    }
}
