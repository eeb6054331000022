package dev.keyrack.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.store.Change;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: what could show a token again goes soon after the token has ended by itself, and not before. */
@Tag("engines")
class EndedTokensTest {
    @TempDir
    Path path;

    private static List<String> ciphertexts(TestingDesk desk) {
        return desk.store()
                .read(tx -> tx.handle()
                        .createQuery("SELECT COALESCE(ciphertext, 'gone') FROM key_tokens ORDER BY generation")
                        .mapTo(String.class)
                        .list());
    }

    @Test
    void ciphertextOfATokenGoesWhenItsOverlapIsOverAndThatOfTheNewestStays() {
        try (TestingDesk desk = new TestingDesk(path)) {
            EndedTokens ended = new EndedTokens(desk.store());
            Key key = desk.key(null);
            desk.store().change(TestingDesk.CAUSE, tx -> {
                CredentialSql sql = new CredentialSql();
                sql.endNewest(tx, key.id(), tx.at() + Duration.ofHours(1).toNanos() / 1_000);
                sql.insertToken(
                        tx, key.id(), 2, sql.tokens(tx, key.id()).getFirst().digest(), "sealed");
                return Change.none(key);
            });
            assertThat(ended.clear()).isZero();
            assertThat(ciphertexts(desk)).containsExactly("sealed", "sealed");
            desk.pass(Duration.ofMinutes(61));
            assertThat(ended.clear()).isEqualTo(1);
            assertThat(ciphertexts(desk)).containsExactly("gone", "sealed");
            assertThat(ended.clear()).isZero();
        }
    }
}
