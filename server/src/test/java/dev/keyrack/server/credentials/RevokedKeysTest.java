package dev.keyrack.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.gate.FeedSource;
import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.FeedEntry;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.Replica;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: a revoked key is kept as long as was chosen, then forgotten everywhere, and its token is good at no time. */
@Tag("engines")
class RevokedKeysTest {
    @TempDir
    Path path;

    private static Key revoked(TestingDesk desk) {
        Key key = desk.key(null);
        desk.put(key, KeyState.REVOKED);
        return key;
    }

    private static Set<String> ids(TestingDesk desk) {
        return Set.copyOf(desk.store()
                .read(tx -> tx.handle()
                        .createQuery("SELECT id FROM keys UNION SELECT key_id FROM key_tokens")
                        .mapTo(String.class)
                        .list()));
    }

    @Test
    void revokedKeyIsForgottenWhenItsTimeIsOverAndNoOther() {
        try (TestingDesk desk = new TestingDesk(path)) {
            RevokedKeys old = new RevokedKeys(desk.store(), Duration.ofDays(90));
            Key first = revoked(desk);
            Key active = desk.key(null);
            desk.pass(Duration.ofDays(89));
            Key later = revoked(desk);
            assertThat(old.clear()).isZero();
            desk.pass(Duration.ofDays(2));
            assertThat(old.clear()).isEqualTo(1);
            assertThat(ids(desk))
                    .containsExactlyInAnyOrder(active.id().value(), later.id().value());
            assertThat(desk.told(first)).singleElement().asString().startsWith("system key.removed");
            assertThat(old.clear()).isZero();
        }
    }

    @Test
    void tokenOfAForgottenKeyIsUnknownToWhoeverFollowedAndToWhoeverJoins() {
        try (TestingDesk desk = new TestingDesk(path)) {
            Key key = revoked(desk);
            FeedSource feed = desk.store().feed();
            Replica followed = new Replica();
            Replica.Loader loader = followed.load();
            FeedSource.Head head = feed.snapshot(loader::add);
            loader.finish(head.number(), head.tag());
            desk.pass(Duration.ofDays(91));
            new RevokedKeys(desk.store(), Duration.ofDays(90)).clear();

            List<FeedEntry> entries = feed.entriesFrom(head.number() + 1, 10);
            assertThat(entries).extracting(FeedEntry::change).containsExactly(new FeedChange.KeyRemoved(key.id()));
            assertThat(entries).noneMatch(FeedEntry::narrows);
            assertThat(followed.size()).isEqualTo(1);
            entries.forEach(followed::apply);
            assertThat(followed.size()).isZero();
            Replica joined = new Replica();
            Replica.Loader anew = joined.load();
            FeedSource.Head now = feed.snapshot(anew::add);
            anew.finish(now.number(), now.tag());
            assertThat(joined.size()).isZero();
        }
    }
}
