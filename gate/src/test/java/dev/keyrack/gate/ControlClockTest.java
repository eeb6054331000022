package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Promise: what has ended by the control plane's time stays ended, however late or wrong that time is told. */
class ControlClockTest {
    private static final long SECOND = 1_000_000;

    private final AtomicLong nanos = new AtomicLong(77);
    private final ControlClock clock = new ControlClock(nanos::get);

    /** An answer that says this time, was asked for now and needs so many microseconds there and back. */
    private void told(long micros, long there, long back) {
        long askedAt = nanos.get();
        pass(there + back);
        clock.told(micros, askedAt);
    }

    private void pass(long micros) {
        nanos.addAndGet(micros * 1_000);
    }

    @Test
    void runsOnBetweenTwoAnswers() {
        told(100 * SECOND, 0, 0);
        pass(3 * SECOND);
        assertThat(clock.getAsLong()).isEqualTo(103 * SECOND);
    }

    @Test
    void slowQuestionSetsItAheadAndAQuickOneAfterItNeverBack() {
        told(101 * SECOND, SECOND, 0);
        assertThat(clock.getAsLong()).as("not behind the control plane").isEqualTo(102 * SECOND);
        told(101 * SECOND, 0, 0);
        assertThat(clock.getAsLong()).as("seen once, it has passed").isEqualTo(102 * SECOND);
        pass(SECOND / 2);
        assertThat(clock.getAsLong()).isEqualTo(102 * SECOND);
        pass(SECOND);
        assertThat(clock.getAsLong()).as("the quicker answer counts").isEqualTo(102 * SECOND + SECOND / 2);
    }

    @Test
    void quickAnswerIsKeptAgainstSlowerOnes() {
        told(100 * SECOND, 0, 0);
        told(100 * SECOND + SECOND, SECOND, SECOND);
        assertThat(clock.getAsLong()).isEqualTo(102 * SECOND);
    }

    @Test
    void controlPlanesClockThatIsSetForwardIsFollowedAtOnce() {
        told(100 * SECOND, 0, 0);
        told(3_700 * SECOND, 0, 1_000);
        assertThat(clock.getAsLong()).isBetween(3_700 * SECOND, 3_700 * SECOND + 1_000);
    }

    @Test
    void standsStillWhereTheControlPlanesClockIsSetBack() {
        told(3_700 * SECOND, 0, 0);
        told(100 * SECOND, 0, 0);
        pass(60 * SECOND);
        assertThat(clock.getAsLong()).isEqualTo(3_700 * SECOND);
        told(160 * SECOND, 0, 0);
        pass(3_600 * SECOND);
        assertThat(clock.getAsLong()).isEqualTo(3_760 * SECOND);
    }

    @Test
    void neverGoesBackAndIsNeverBehindByMoreThanTheLatestAnswerTook() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        long truth = 1_000 * SECOND;
        long seen = 0;
        for (int i = 0; i < 100_000; i++) {
            long there = random.nextLong(1_700_000);
            long back = random.nextLong(1_700_000);
            told(truth + there, there, back);
            truth += there + back;
            long now = clock.getAsLong();
            assertThat(now).isGreaterThanOrEqualTo(seen).isGreaterThanOrEqualTo(truth - there - back);
            seen = now;
            long pause = random.nextLong(SECOND);
            pass(pause);
            truth += pause;
            if (random.nextInt(1_000) == 0) {
                truth += random.nextLong(-10 * SECOND, 10 * SECOND);
            }
        }
    }
}
