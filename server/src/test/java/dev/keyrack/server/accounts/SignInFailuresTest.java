package dev.keyrack.server.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.engines.TestingDatabase;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.server.store.Ids;
import dev.keyrack.verifier.Secret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: whoever guesses passwords is slowed down, however they go about it, and nobody is locked out by it for good. */
@Tag("engines")
class SignInFailuresTest {
    private static final String JANE = "jane@example.com";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** So many wrong tries at an account are free. */
    private static final int FREE = 5;

    @TempDir
    Path path;

    private DataFolder folder;
    private TestingDatabase database;
    private Database.Opened opened;
    private SignInFailures failures;
    private final AtomicInteger network = new AtomicInteger();

    @BeforeEach
    void open() {
        folder = DataFolder.take(path).orElseThrow();
        database = TestingDatabase.fresh(path);
        // Time stands still, but for sleep(); on PostgreSQL it is the server's and goes on.
        opened = database.open(folder, InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")));
        failures = new SignInFailures(opened.store(), opened.keyset(), new Ids(new SecureRandom()));
    }

    @AfterEach
    void close() {
        opened.store().close();
        database.close();
        folder.close();
    }

    private static Cause from(String address) {
        return new Cause(Actor.SYSTEM, address, "test");
    }

    /** From a network that nobody has tried from. */
    private Cause fresh() {
        int number = network.incrementAndGet();
        return from("10." + number / 256 + "." + number % 256 + ".1");
    }

    private Duration attempt(String email) {
        return failures.attempt(fresh(), email, Optional.empty()).pause();
    }

    private void fail(int times, String email) {
        for (int i = 0; i < times; i++) {
            assertThat(attempt(email)).as("try " + (i + 1)).isLessThanOrEqualTo(Duration.ZERO);
        }
    }

    /** As if so much time had passed: a server's clock is not ours to set. */
    private void sleep(Duration time) {
        database.byHand("UPDATE sign_in_failures SET last_at = last_at - " + time.toNanos() / 1_000);
    }

    private static void requireWait(Duration pause, Duration whole) {
        assertThat(pause).isLessThanOrEqualTo(whole);
        if (!TestingDatabase.onPostgres()) {
            assertThat(pause).isEqualTo(whole);
        } else if (whole.compareTo(MINUTE) >= 0) {
            assertThat(pause).isGreaterThan(whole.dividedBy(2));
        }
    }

    @Test
    void someTriesAreFreeAndThenEachWaitsTwiceAsLongButAMinuteAtMost() {
        fail(FREE, JANE);
        for (int seconds : List.of(1, 2, 4, 8, 16, 32, 60, 60, 60)) {
            Duration whole = Duration.ofSeconds(seconds);
            requireWait(attempt(JANE), whole);
            sleep(whole);
            assertThat(attempt(JANE)).as("after " + whole).isLessThanOrEqualTo(Duration.ZERO);
        }
    }

    @Test
    void whatHadToWaitIsNotCounted() {
        fail(FREE + 4, "other@example.com", true);
        for (int i = 0; i < 20; i++) {
            attempt("other@example.com");
        }
        requireWait(attempt("other@example.com"), Duration.ofSeconds(16));
    }

    /** @param patient whether each try is made after waiting for it */
    private void fail(int times, String email, boolean patient) {
        for (int i = 0; i < times; i++) {
            if (patient) {
                sleep(MINUTE);
            }
            assertThat(attempt(email)).as("try " + (i + 1)).isLessThanOrEqualTo(Duration.ZERO);
        }
    }

    @Test
    void accountIsTheSameHoweverItsAddressIsWritten() {
        fail(FREE, JANE);
        assertThat(attempt("JANE@Example.com")).isPositive();
        assertThat(attempt("joan@example.com")).isLessThanOrEqualTo(Duration.ZERO);
    }

    @Test
    void networkThatTriesManyAccountsIsSlowedDownAndNoOther() {
        for (int i = 0; i < 20; i++) {
            assertThat(failures.attempt(from("192.0.2.7"), "a" + i + "@example.com", Optional.empty())
                            .pause())
                    .isLessThanOrEqualTo(Duration.ZERO);
        }
        // The minute is the account's: a network may wait longer.
        for (int i = 0; i < 7; i++) {
            sleep(Duration.ofMinutes(5));
            failures.attempt(from("192.0.2.7"), "b" + i + "@example.com", Optional.empty());
        }
        requireWait(failures.attempt(from("192.0.2.7"), JANE, Optional.empty()).pause(), Duration.ofSeconds(128));
        assertThat(failures.attempt(from("192.0.2.8"), JANE, Optional.empty()).pause())
                .isLessThanOrEqualTo(Duration.ZERO);
    }

    @Test
    void networkOfIpv6IsItsFirst64Bits() {
        for (int i = 0; i < 27; i++) {
            sleep(MINUTE);
            failures.attempt(from("2001:db8::" + i), "a" + i + "@example.com", Optional.empty());
        }
        assertThat(failures.attempt(from("2001:db8::ffff:1"), JANE, Optional.empty())
                        .pause())
                .isPositive();
        assertThat(failures.attempt(from("2001:db8:0:1::1"), JANE, Optional.empty())
                        .pause())
                .isLessThanOrEqualTo(Duration.ZERO);
    }

    @Test
    void browserThatWasSignedInBeforeIsCountedForItself() {
        Secret device = failures.deviceOf(JANE, Optional.empty());
        fail(FREE + 3, JANE, true);
        assertThat(attempt(JANE)).isPositive();
        for (int i = 0; i < 10; i++) {
            assertThat(failures.attempt(fresh(), JANE, Optional.of(device)).pause())
                    .as("its owner gets in, try " + i)
                    .isLessThanOrEqualTo(Duration.ZERO);
        }
        for (int i = 0; i < 3; i++) {
            sleep(MINUTE);
            failures.attempt(fresh(), JANE, Optional.of(device));
        }
        assertThat(failures.attempt(fresh(), JANE, Optional.of(device)).pause())
                .as("whoever stole it guesses no faster")
                .isPositive();
    }

    @Test
    void onlyWhatWasMadeForTheAccountIsTaken() {
        Secret own = failures.deviceOf(JANE, Optional.empty());
        Secret others = failures.deviceOf("joan@example.com", Optional.empty());
        fail(FREE + 3, JANE, true);
        String text = own.reveal();
        for (String forged :
                List.of(others.reveal(), "", ".", text + "x", "x" + text, text.replaceFirst(".*\\.", "."))) {
            assertThat(failures.attempt(fresh(), JANE, Optional.of(Secret.of(forged)))
                            .pause())
                    .isPositive();
        }
        assertThat(failures.deviceOf(JANE, Optional.of(own)).reveal()).isEqualTo(text);
        assertThat(failures.deviceOf(JANE, Optional.of(others)).reveal()).isNotEqualTo(others.reveal());
    }

    @Test
    void goodPasswordBeginsAnewButNotForTheNetwork() {
        for (int round = 0; round < 3; round++) {
            fail(FREE - 1, JANE);
            Cause cause = fresh();
            failures.forget(cause, failures.attempt(cause, JANE, Optional.empty()));
        }
        Cause one = from("192.0.2.7");
        for (int i = 0; i < 27; i++) {
            sleep(MINUTE);
            failures.attempt(one, "a" + i + "@example.com", Optional.empty());
        }
        sleep(Duration.ofMinutes(5));
        failures.forget(one, failures.attempt(one, JANE, Optional.empty()));
        assertThat(failures.attempt(one, "b@example.com", Optional.empty()).pause())
                .as("one account of one's own is no way to guess those of others")
                .isPositive();
    }

    @Test
    void allIsForgottenAnHourAfterTheLastFailure() {
        fail(FREE + 5, JANE, true);
        sleep(Duration.ofMinutes(59));
        assertThat(attempt(JANE)).isLessThanOrEqualTo(Duration.ZERO);
        assertThat(attempt(JANE)).as("it is counted on").isPositive();
        sleep(Duration.ofHours(1));
        fail(FREE, JANE);
        assertThat(attempt(JANE)).isPositive();
        assertThat(failures.clear()).as("those of an hour ago").isPositive();
        assertThat(attempt(JANE)).as("what counts is not cleared away").isPositive();
        sleep(Duration.ofHours(1));
        failures.clear();
        assertThat(failures.clear()).isZero();
    }

    @Test
    void manyTriesAtOnceGainNothing() throws Exception {
        for (int round = 0; round < 5; round++) {
            String email = "round" + round + "@example.com";
            List<Callable<Duration>> tries = Stream.generate(this::fresh)
                    .limit(16)
                    .<Callable<Duration>>map(cause -> () ->
                            failures.attempt(cause, email, Optional.empty()).pause())
                    .toList();
            try (var threads = Executors.newFixedThreadPool(16)) {
                List<Future<Duration>> pauses = threads.invokeAll(tries);
                assertThat(pauses.stream()
                                .map(Future::resultNow)
                                .filter(pause -> !pause.isPositive())
                                .count())
                        .as("tries whose password was looked at, round " + round)
                        .isEqualTo(FREE);
            }
        }
    }

    @Test
    void addressGetsThreeMailsAnHourHoweverItIsWrittenAndHoweverManyAskAtOnce() throws Exception {
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Boolean>> asked = IntStream.range(0, 8)
                    .<Callable<Boolean>>mapToObj(
                            i -> () -> failures.mayMail(fresh(), i % 2 == 0 ? JANE : "JANE@example.com"))
                    .toList();
            assertThat(threads.invokeAll(asked).stream()
                            .filter(Future::resultNow)
                            .count())
                    .isEqualTo(SignInFailures.MAILS);
        }
        sleep(Duration.ofMinutes(59));
        assertThat(failures.mayMail(fresh(), JANE)).isFalse();
        assertThat(failures.mayMail(fresh(), "joan@example.com")).isTrue();
        sleep(MINUTE);
        assertThat(failures.mayMail(fresh(), JANE)).isTrue();
    }
}
