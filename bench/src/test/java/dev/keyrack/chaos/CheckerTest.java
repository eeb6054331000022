package dev.keyrack.chaos;

import static dev.keyrack.chaos.MadeHistory.created;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Defends: the checker sees every kind of broken promise, and accuses nobody of what may have been right. */
class CheckerTest {

    @Test
    void aYesToAQuestionSentAfterARevocationHasReturnedIsFound() {
        assertThat(created().ok(Deed.REVOKE, 5, 6).verified(6.1, 6.2, "VALID").broken())
                .containsExactly(Promise.OFF);
    }

    @Test
    void aYesToAQuestionSentBeforeTheRevocationHadReturnedIsNot() {
        assertThat(created().ok(Deed.REVOKE, 5, 6).verified(5.9, 6.2, "VALID").broken())
                .isEmpty();
    }

    @Test
    void aYesAfterARevocationOfUnknownOutcomeIsNot() {
        assertThat(created()
                        .unknown(Deed.REVOKE, 5, 6)
                        .verified(6.1, 6.2, "VALID")
                        .broken())
                .isEmpty();
    }

    @Test
    void aYesAfterADisableIsFound() {
        assertThat(created().ok(Deed.DISABLE, 5, 6).verified(6.1, 6.2, "VALID").broken())
                .containsExactly(Promise.OFF);
    }

    @Test
    void aYesAfterAnEnableThatMayHaveComeLaterThanTheDisableIsNot() {
        assertThat(created()
                        .ok(Deed.DISABLE, 5, 6)
                        .ok(Deed.ENABLE, 7, 8)
                        .verified(7.1, 7.2, "VALID")
                        .broken())
                .isEmpty();
        assertThat(created()
                        .ok(Deed.ENABLE, 4.5, 5.5)
                        .ok(Deed.DISABLE, 5, 6)
                        .verified(7.1, 7.2, "VALID")
                        .broken())
                .isEmpty();
        assertThat(created()
                        .unknown(Deed.ENABLE, 3, 4)
                        .ok(Deed.DISABLE, 5, 6)
                        .verified(7.1, 7.2, "VALID")
                        .broken())
                .isEmpty();
    }

    @Test
    void aYesAfterADisableThatCameLaterThanTheEnableIsFound() {
        assertThat(created()
                        .ok(Deed.ENABLE, 3, 4)
                        .ok(Deed.DISABLE, 5, 6)
                        .verified(6.1, 6.2, "VALID")
                        .broken())
                .containsExactly(Promise.OFF);
        assertThat(created()
                        .ok(Deed.DISABLE, 5, 6)
                        .refused(Deed.ENABLE, 7, 8)
                        .verified(9, 9.1, "VALID")
                        .broken())
                .containsExactly(Promise.OFF);
    }

    @Test
    void aYesToASupersededTokenIsFoundEvenIfTheKeyWasEnabledSince() {
        assertThat(created()
                        .regenerated(5, 6, 2)
                        .ok(Deed.ENABLE, 6.5, 7)
                        .verified(8, 8.1, "VALID")
                        .broken())
                .containsExactly(Promise.OFF);
        assertThat(created()
                        .regenerated(5, 6, 2)
                        .verified("gate-1", 2, 8, 8.1, "VALID")
                        .broken())
                .isEmpty();
    }

    @Test
    void aYesAfterAnOverlapHasEndedIsFoundAndOneDuringItIsNot() {
        assertThat(created().regenerated(5, 6, 2, 3).verified(9.9, 10, "VALID").broken())
                .isEmpty();
        assertThat(created()
                        .regenerated(5, 6, 2, 3)
                        .verified(10.1, 10.2, "VALID")
                        .broken())
                .containsExactly(Promise.OFF);
    }

    @Test
    void aYesToTheThirdTokenOfAKeyIsFound() {
        assertThat(created()
                        .regenerated(5, 6, 2, 100)
                        .regenerated(7, 8, 3, 100)
                        .verified("gate-1", 2, 9, 9.1, "VALID")
                        .broken())
                .isEmpty();
        assertThat(created()
                        .regenerated(5, 6, 2, 100)
                        .regenerated(7, 8, 3, 100)
                        .verified("gate-1", 1, 9, 9.1, "VALID")
                        .broken())
                .containsExactly(Promise.OFF);
    }

    @Test
    void aYesAfterAnOverlapWasEndedIsFoundAndOneToTheNewestTokenIsNot() {
        MadeHistory ended = created().regenerated(5, 6, 2, 100).ok(Deed.END_OVERLAP, 7, 8);
        assertThat(ended.verified("gate-1", 2, 9, 9.1, "VALID").broken()).isEmpty();
        assertThat(ended.verified("gate-1", 1, 9, 9.1, "VALID").broken()).containsExactly(Promise.OFF);
    }

    @Test
    void anOverlapThatBeginsWhileTheOneBeforeIsEndedIsNot() {
        assertThat(created()
                        .ok(Deed.END_OVERLAP, 5, 8)
                        .regenerated(6, 7, 2, 100)
                        .verified(9, 9.1, "VALID")
                        .broken())
                .isEmpty();
    }

    @Test
    void aKeyThatComesBackOnANodeIsFoundEvenIfItsRevocationWasNeverAcknowledged() {
        assertThat(created()
                        .unknown(Deed.REVOKE, 5, 6)
                        .verified(7, 7.1, "REVOKED")
                        .verified(8, 8.1, "VALID")
                        .broken())
                .containsExactly(Promise.GONE);
        assertThat(created()
                        .unknown(Deed.REVOKE, 5, 6)
                        .verified("gate-1", 1, 7, 7.1, "REVOKED")
                        .verified("gate-2", 1, 8, 8.1, "VALID")
                        .broken())
                .isEmpty();
    }

    @Test
    void aKeyWhoseAcknowledgedStateIsLostIsFound() {
        assertThat(created().ok(Deed.REVOKE, 5, 6).found("active", 1).broken()).containsExactly(Promise.KEPT);
        assertThat(created().ok(Deed.DISABLE, 5, 6).found("active", 1).broken()).containsExactly(Promise.KEPT);
        assertThat(created().found("revoked", 1).broken()).containsExactly(Promise.KEPT);
        assertThat(created().notFound().broken()).containsExactly(Promise.KEPT);
    }

    @Test
    void aKeyInAnyStateThatItsChangesCanHaveLeftIsNot() {
        assertThat(created().ok(Deed.REVOKE, 5, 6).found("revoked", 1).broken()).isEmpty();
        assertThat(created().unknown(Deed.REVOKE, 5, 6).found("active", 1).broken())
                .isEmpty();
        assertThat(created().unknown(Deed.REVOKE, 5, 6).found("revoked", 1).broken())
                .isEmpty();
        assertThat(created()
                        .ok(Deed.DISABLE, 5, 7)
                        .ok(Deed.ENABLE, 6, 8)
                        .found("disabled", 1)
                        .broken())
                .isEmpty();
        assertThat(created()
                        .unknown(Deed.DISABLE, 3, 4)
                        .ok(Deed.ENABLE, 6, 8)
                        .found("disabled", 1)
                        .broken())
                .isEmpty();
    }

    @Test
    void aRegenerationThatIsLostOrThatNobodyAskedForIsFound() {
        assertThat(created().regenerated(5, 6, 2).found("active", 1).broken()).containsExactly(Promise.KEPT);
        assertThat(created().found("active", 2).broken()).containsExactly(Promise.KEPT);
        assertThat(created().unknown(Deed.REGENERATE, 5, 6).found("active", 2).broken())
                .isEmpty();
    }

    @Test
    void aKeyThatNobodyAskedForAndTwoKeysOfOneNameAreFound() {
        assertThat(new MadeHistory().found("active", 1).broken()).contains(Promise.KEPT);
        assertThat(created().found("active", 1).found("active", 1).broken()).containsExactly(Promise.KEPT);
    }

    @Test
    void aNodeThatWasLeftAloneAndSaysNoAboutAKeyThatIsOnIsFound() {
        assertThat(created().verified(30, 30.1, "STALE").broken()).containsExactly(Promise.ALIVE);
        assertThat(created().verified(30, 30.1, "UNKNOWN").broken()).containsExactly(Promise.ALIVE);
        assertThat(created().verified(30, 30.1, Event.Verified.NOTHING).broken())
                .containsExactly(Promise.ALIVE);
        assertThat(created()
                        .ok(Deed.DISABLE, 2, 3)
                        .ok(Deed.ENABLE, 4, 5)
                        .verified(30, 30.1, "DISABLED")
                        .broken())
                .containsExactly(Promise.ALIVE);
    }

    @Test
    void aNodeThatHadAFaultOrAKeyThatMayBeOffIsNot() {
        assertThat(created()
                        .disturbed("gate-1", 20, 25)
                        .verified(30, 30.1, "STALE")
                        .broken())
                .isEmpty();
        assertThat(created()
                        .disturbed("gate-1", 29, 40)
                        .verified(28.9, 35, "STALE")
                        .broken())
                .isEmpty();
        assertThat(created()
                        .disturbed("gate-2", 20, 25)
                        .verified(30, 30.1, "STALE")
                        .broken())
                .containsExactly(Promise.ALIVE);
        assertThat(created().verified(5, 5.1, "UNKNOWN").broken()).isEmpty();
        assertThat(created()
                        .unknown(Deed.DISABLE, 2, 3)
                        .verified(30, 30.1, "DISABLED")
                        .broken())
                .isEmpty();
        assertThat(created()
                        .unknown(Deed.REGENERATE, 2, 3)
                        .verified(30, 30.1, "REVOKED")
                        .broken())
                .isEmpty();
        assertThat(created()
                        .ok(Deed.DISABLE, 2, 4)
                        .ok(Deed.ENABLE, 3, 5)
                        .verified(30, 30.1, "DISABLED")
                        .broken())
                .isEmpty();
    }

    @Test
    void anAcknowledgedChangeWithoutItsEventIsFound() {
        assertThat(created().unaudited().broken()).isEmpty(); // no events were read at all
        assertThat(created().ok(Deed.REVOKE, 5, 6).unaudited().broken()).containsExactly(Promise.RECORDED);
        assertThat(created().ok(Deed.DISABLE, 5, 6).unaudited().broken()).containsExactly(Promise.RECORDED);
        assertThat(created().regenerated(5, 6, 2).unaudited().broken()).containsExactly(Promise.RECORDED);
    }

    @Test
    void aRepeatedChangeThatMayHaveFoundNothingToDoNeedsNoEvent() {
        assertThat(new MadeHistory()
                        .unknown(Deed.CREATE, 0, 1)
                        .changed(Deed.CREATE, 1, 2, Outcome.OK, 1)
                        .unaudited()
                        .ok(Deed.DISABLE, 3, 4)
                        .broken())
                .isEmpty();
        assertThat(created()
                        .unknown(Deed.REVOKE, 4, 5)
                        .ok(Deed.REVOKE, 5, 6)
                        .unaudited()
                        .broken())
                .isEmpty();
        assertThat(created()
                        .unknown(Deed.DISABLE, 4, 5)
                        .ok(Deed.DISABLE, 5, 6)
                        .unaudited()
                        .broken())
                .isEmpty();
        assertThat(created()
                        .ok(Deed.DISABLE, 3, 4)
                        .ok(Deed.DISABLE, 5, 6)
                        .unaudited()
                        .broken())
                .isEmpty();
    }

    @Test
    void anOpaqueFailureIsFound() {
        assertThat(created()
                        .changed(Deed.DISABLE, 5, 6, Outcome.UNKNOWN, 0, 500)
                        .broken())
                .containsExactly(Promise.ANSWERED);
        assertThat(created()
                        .changed(Deed.DISABLE, 5, 6, Outcome.REFUSED, 0, 404)
                        .broken())
                .containsExactly(Promise.ANSWERED);
    }
}
