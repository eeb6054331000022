package dev.keyrack.verifier;

import java.util.List;

/** A replica that is fed as a node feeds it: a snapshot first, then entries with dense numbers. */
final class TestingFeed {
    static final FeedChange.Organization ACME =
            new FeedChange.Organization(TestingKey.ORGANIZATION, "acme", false, false, 1);

    final Replica replica = new Replica();

    /** Loads a snapshot that holds {@link #ACME} and these, as of number 0. */
    static TestingFeed of(TestingKey... keys) {
        TestingFeed feed = new TestingFeed();
        feed.snapshot(0, keys);
        return feed;
    }

    void snapshot(long number, TestingKey... keys) {
        Replica.Loader loader = replica.load();
        loader.add(ACME);
        for (TestingKey key : List.of(keys)) {
            loader.add(key.change());
        }
        loader.finish(number, tagOf(number));
    }

    void apply(FeedChange change) {
        long number = replica.number() + 1;
        replica.apply(new FeedEntry(number, tagOf(number), false, change));
    }

    void apply(TestingKey key) {
        apply(key.change());
    }

    /** A tag that fits its number, so that a number with another one's tag is seen. */
    static long tagOf(long number) {
        return number * 31 + 7;
    }

    /** The verdict at a time when nothing in these tests has expired. */
    Verdict ask(String token) {
        return new Verifier(replica, () -> 0).verify(Question.of(token));
    }

    Code code(TestingKey key) {
        return ask(key.token()).code();
    }
}
