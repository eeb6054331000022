package dev.keyrack.server.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.verifier.KeyState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Promise: 30, 7 and 1 days before a key expires the audit trail says so, each once, and never of what is past. */
@Tag("engines")
class ExpiryNoticesTest {
    @TempDir
    Path path;

    private TestingDesk desk;
    private ExpiryNotices notices;

    @BeforeEach
    void open() {
        desk = new TestingDesk(path);
        notices = new ExpiryNotices(desk.store());
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private static Duration days(double days) {
        return Duration.ofMinutes(Math.round(days * 24 * 60));
    }

    /** Looks ten times a day for so many days. */
    private void live(int days) {
        for (int i = 0; i < 10 * days; i++) {
            desk.pass(days(0.1));
            notices.write();
        }
    }

    @Test
    void eachThresholdIsToldOnceOnItsDay() {
        Key key = desk.key(days(40));
        assertThat(notices.write()).isZero();
        desk.pass(days(9.9));
        assertThat(notices.write()).isZero();
        desk.pass(days(0.2));
        assertThat(notices.write()).isEqualTo(1);
        assertThat(notices.write()).isZero();
        assertThat(desk.told(key)).containsExactly("30");
        live(22);
        assertThat(desk.told(key)).containsExactly("30");
        live(2);
        assertThat(desk.told(key)).containsExactly("30", "7");
        live(30);
        assertThat(desk.told(key)).containsExactly("30", "7", "1");
    }

    @Test
    void eventSaysWhenTheKeyExpires() {
        Key key = desk.key(days(2));
        desk.pass(days(1.1));
        notices.write();
        String after = desk.store()
                .read(tx -> tx.handle()
                        .createQuery("SELECT after_state FROM audit_events WHERE target_id = :id")
                        .bind("id", key.id().value())
                        .mapTo(String.class)
                        .one());
        assertThat(after).matches("\\{\"expiresAt\":\"[0-9-]+T[0-9:.]+Z\",\"daysLeft\":1}");
    }

    @ParameterizedTest
    @CsvSource({"29,'7,1'", "7,1", "3,1", "1,''", "0.5,''"})
    void thresholdThatLiesInThePastWhenTheExpiryIsSetIsNotTold(double left, String told) {
        Key key = desk.key(days(left));
        live(35);
        assertThat(String.join(",", desk.told(key))).isEqualTo(told);
    }

    @Test
    void movedExpiryStartsAnewAndARemovedOneIsSilent() {
        Key moved = desk.key(days(31));
        Key removed = desk.key(days(31));
        live(2);
        assertThat(desk.told(moved)).containsExactly("30");
        desk.expire(moved, days(60));
        desk.expire(removed, null);
        live(65);
        assertThat(desk.told(moved)).containsExactly("30", "30", "7", "1");
        assertThat(desk.told(removed)).containsExactly("30");
    }

    @Test
    void expiredKeyThatIsExtendedIsToldOfItsNewExpiry() {
        Key key = desk.key(days(2));
        live(5);
        desk.expire(key, days(8));
        live(8);
        assertThat(desk.told(key)).containsExactly("1", "7", "1");
    }

    @Test
    void disabledKeysAreToldAndRevokedOnesAndThoseWithoutExpiryAreNot() {
        Key disabled = desk.key(days(8));
        Key revoked = desk.key(days(8));
        Key eternal = desk.key(null);
        desk.put(disabled, KeyState.DISABLED);
        desk.put(revoked, KeyState.REVOKED);
        live(9);
        assertThat(desk.told(disabled)).containsExactly("7", "1");
        assertThat(desk.told(revoked)).isEmpty();
        assertThat(desk.told(eternal)).isEmpty();
    }

    /** What was missed is told as the nearest of them; of a key that has expired meanwhile there is nothing to tell. */
    @Test
    void afterALongStopTheNearestIsToldOnce() {
        Key near = desk.key(days(40));
        Key expired = desk.key(days(35));
        desk.pass(days(36));
        assertThat(notices.write()).isEqualTo(1);
        assertThat(desk.told(near)).containsExactly("7");
        assertThat(desk.told(expired)).isEmpty();
        live(10);
        assertThat(desk.told(near)).containsExactly("7", "1");
        assertThat(desk.told(expired)).isEmpty();
    }

    @Test
    void moreKeysThanOneTurnTakesAreAllTold() {
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < 401; i++) {
            keys.add(desk.key(days(2)));
        }
        desk.pass(days(1.1));
        assertThat(notices.write()).isEqualTo(401);
        assertThat(keys).allSatisfy(key -> assertThat(desk.told(key)).containsExactly("1"));
    }

    /** However many keys there are, only those that are due are touched: the index has no others to be passed over. */
    @Test
    void lookingWalksAnIndex() {
        List<String> plan = desk.store().read(tx -> {
            if (TestingDatabase.onPostgres()) {
                tx.handle().execute("SET LOCAL enable_seqscan = off");
            }
            return tx.handle()
                    .createQuery((TestingDatabase.onPostgres() ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + ExpirySql.DUE)
                    .bind("at", tx.at())
                    .bind("count", 1)
                    .map((row, context) -> row.getString(row.getMetaData().getColumnCount()))
                    .list();
        });
        assertThat(plan.toString()).contains("keys_by_expiry_notice").doesNotContain("TEMP B-TREE", "Sort");
    }
}
