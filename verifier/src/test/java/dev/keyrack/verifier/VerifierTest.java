package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Promise: each verdict is the first that applies, in the order of {@link Code}, and tells no stranger anything. */
class VerifierTest {
    private static final FeedChange.Organization SUSPENDED =
            new FeedChange.Organization(TestingKey.ORGANIZATION, "acme", false, true, 2);
    private static final FeedChange.Unknown HALT = new FeedChange.Unknown("key-frozen");

    private final RandomGenerator random = TestingKey.random(1);
    private final TestingKey key = TestingKey.issue(random);
    private final AtomicLong clock = new AtomicLong(1_000);

    private Verdict ask(TestingFeed feed, Question question) {
        return new Verifier(feed.replica, clock::get).verify(question);
    }

    private Code code(TestingFeed feed, String token, @Nullable String permission, @Nullable String user) {
        return ask(feed, Question.of(token).permission(permission).user(user)).code();
    }

    private Code code(TestingFeed feed, String token) {
        return code(feed, token, null, null);
    }

    private static void tellsNothing(Verdict verdict) {
        assertThat(verdict.about()).isEmpty();
        assertThat(verdict.generation()).isZero();
    }

    @Test
    void goodTokenIsValidAndNamesItsKey() {
        Verdict verdict = ask(TestingFeed.of(key), Question.of(key.token()));
        assertThat(verdict).isInstanceOf(Verdict.Valid.class);
        assertThat(verdict.code()).isEqualTo(Code.VALID);
        assertThat(verdict.generation()).isEqualTo(1);
        assertThat(verdict.about().orElseThrow().id()).isEqualTo(key.id().value());
    }

    @Test
    void malformedTokenIsMalformedEvenBeforeTheFirstSnapshot() {
        for (String text :
                new String[] {"", "kr_web_", key.token() + " ", key.token().substring(1)}) {
            Verdict verdict = ask(new TestingFeed(), Question.of(text));
            assertThat(verdict.code()).isEqualTo(Code.MALFORMED);
            tellsNothing(verdict);
        }
    }

    @Test
    void otherSpellingOfAGoodTokenIsMalformedWhetherTheGoodOneWasSeenOrNot() {
        String good = key.token();
        int last = good.length() - 1;
        List<String> spellings = List.of(
                good.substring(0, last) + (good.charAt(last) == '0' ? '1' : '0'),
                good.substring(0, last - 5) + "zzzzzz",
                // Their lower eight bits are those of the good one.
                good.substring(0, last) + (char) (good.charAt(last) + 0x100),
                (char) (good.charAt(0) + 0x100) + good.substring(1),
                good.substring(0, 20) + (char) (good.charAt(20) + 0x80) + good.substring(21),
                good.substring(0, 20) + "\ud83d\ude00" + good.substring(21));
        TestingFeed feed = TestingFeed.of(key);
        for (String spelling : spellings) {
            assertThat(code(feed, spelling)).as("never seen: %s", spelling).isEqualTo(Code.MALFORMED);
            assertThat(code(feed, spelling)).as("once more: %s", spelling).isEqualTo(Code.MALFORMED);
            assertThat(TokenFormat.parse(spelling)).isEmpty();
        }
        assertThat(code(feed, good)).isEqualTo(Code.VALID);
        for (String spelling : spellings) {
            assertThat(code(feed, spelling)).as("seen: %s", spelling).isEqualTo(Code.MALFORMED);
        }
        assertThat(code(feed, good)).isEqualTo(Code.VALID);
    }

    /** Otherwise each verification would compute the digest anew. */
    @Test
    void tokenThatWasSeenToBeGoodIsKnownAgain() {
        TestingFeed feed = TestingFeed.of(key);
        ReplicaKey known = ask(feed, Question.of(key.token())).about().orElseThrow();
        TokenReader reader = new TokenReader();
        reader.take(key.token());
        assertThat(known.knows(reader.hash())).isTrue();
        reader.take(key.forged(random));
        assertThat(known.knows(reader.hash())).isFalse();
    }

    /** A character that is no digit is worth nothing, as zero is: the form of a check is looked at besides. */
    @Test
    void checkOfATokenThatWasSeenHasNothingButDigitsAndLetters() {
        TestingKey withZero = Stream.generate(() -> TestingKey.issue(random))
                .filter(some -> check(some).contains("0"))
                .findFirst()
                .orElseThrow();
        TestingFeed feed = TestingFeed.of(withZero);
        assertThat(code(feed, withZero.token())).isEqualTo(Code.VALID);
        int zero = withZero.token().lastIndexOf('0');
        for (char other : "-_/:@[`{ ~\0\n\u00e4\u00ff".toCharArray()) {
            String spelling = withZero.token().substring(0, zero)
                    + other
                    + withZero.token().substring(zero + 1);
            assertThat(code(feed, spelling)).as("with U+%04x", (int) other).isEqualTo(Code.MALFORMED);
        }
    }

    private static String check(TestingKey key) {
        return key.token().substring(key.token().length() - TokenFormat.CHECK_LENGTH);
    }

    @Test
    void everyTokenIsStaleBeforeTheFirstSnapshot() {
        Verdict verdict = ask(new TestingFeed(), Question.of(key.token()));
        assertThat(verdict.code()).isEqualTo(Code.STALE);
        tellsNothing(verdict);
    }

    @Test
    void tokenThatNobodyIssuedIsUnknown() {
        Verdict verdict = ask(TestingFeed.of(), Question.of(key.token()));
        assertThat(verdict.code()).isEqualTo(Code.UNKNOWN);
        tellsNothing(verdict);
    }

    @Test
    void personalTokenIsUnknown() {
        String personal =
                TokenFormat.mint("kr", TokenFormat.PERSONAL_TAG, random).token().reveal();
        assertThat(code(TestingFeed.of(key), personal)).isEqualTo(Code.UNKNOWN);
        String sameId = TokenFormat.mint("kr", TokenFormat.PERSONAL_TAG, key.id(), random)
                .token()
                .reveal();
        assertThat(code(TestingFeed.of(key), sameId)).isEqualTo(Code.UNKNOWN);
    }

    @Test
    void wrongSecretOnAnExistingIdIsUnknownInEveryState() {
        String forged = key.forged(random);
        for (TestingKey now : List.of(
                key,
                key.in(KeyState.DISABLED),
                key.in(KeyState.REVOKED),
                key.expiring(1),
                key.granted(List.of()),
                key.regenerate(1, random),
                key.regenerate(FeedChange.NEVER, random))) {
            for (FeedChange more : List.of(TestingFeed.ACME, SUSPENDED, HALT)) {
                TestingFeed feed = TestingFeed.of(now);
                feed.apply(more);
                Verdict verdict = ask(feed, Question.of(forged).permission("chat.start"));
                assertThat(verdict.code()).isEqualTo(Code.UNKNOWN);
                tellsNothing(verdict);
            }
        }
    }

    /** Both for the newest token and for an older one. */
    @Test
    void everyByteOfTheDigestCounts() {
        byte[] digest = Base64.getUrlDecoder()
                .decode(key.change().tokens().getFirst().digest().text().substring("sha256:".length()));
        for (int i = 0; i < digest.length; i++) {
            digest[i] ^= 1;
            Digest other = Digest.parse("sha256:" + Base64.getUrlEncoder().encodeToString(digest));
            digest[i] ^= 1;
            FeedChange.Key now = key.change();
            FeedChange.Token token = new FeedChange.Token(1, other, FeedChange.NEVER);
            FeedChange.Token newer = new FeedChange.Token(
                    2, TestingKey.issue(random).change().tokens().getFirst().digest(), FeedChange.NEVER);
            for (List<FeedChange.Token> tokens : List.of(List.of(token), List.of(newer, token))) {
                FeedChange.Key changed = new FeedChange.Key(
                        now.id(),
                        now.organizationId(),
                        now.projectId(),
                        now.type(),
                        now.state(),
                        2,
                        tokens,
                        now.expiresAt(),
                        now.permissions(),
                        now.permissionsAsOf(),
                        now.restrictions());
                TestingFeed feed = TestingFeed.of(key);
                feed.apply(changed);
                assertThat(code(feed, key.token())).as("byte " + i).isEqualTo(Code.UNKNOWN);
            }
        }
    }

    /** From the key with every fault to the one with none: each fault hides all that come after it. */
    @Test
    void codesAreDecidedInTheirOrder() {
        TestingKey nothingGranted = key.granted(List.of());
        TestingKey disabledAndExpired = nothingGranted.in(KeyState.DISABLED).expiring(1);
        assertThat(faulty(nothingGranted.expiring(1).in(KeyState.REVOKED), SUSPENDED, HALT))
                .isEqualTo(Code.REVOKED);
        assertThat(faulty(disabledAndExpired, SUSPENDED, HALT)).isEqualTo(Code.EXPIRED);
        assertThat(faulty(nothingGranted.in(KeyState.DISABLED), SUSPENDED, HALT))
                .isEqualTo(Code.DISABLED);
        assertThat(faulty(nothingGranted, SUSPENDED, HALT)).isEqualTo(Code.SUSPENDED);
        assertThat(faulty(nothingGranted, HALT)).isEqualTo(Code.PERMISSION_DENIED);
        assertThat(faulty(key, HALT)).isEqualTo(Code.STALE);
        assertThat(faulty(key)).isEqualTo(Code.VALID);
    }

    private Code faulty(TestingKey now, FeedChange... more) {
        TestingFeed feed = TestingFeed.of(now);
        for (FeedChange change : more) {
            feed.apply(change);
        }
        Verdict verdict = ask(feed, Question.of(key.token()).permission("chat.start"));
        assertThat(verdict.about().orElseThrow().id()).isEqualTo(key.id().value());
        assertThat(verdict.generation()).isEqualTo(1);
        return verdict.code();
    }

    @Test
    void supersededTokenIsRevokedWithItsGeneration() {
        TestingKey third = key.regenerate(1, random).regenerate(clock.get(), random);
        for (TestingKey now : List.of(third, third.expiring(1), third.in(KeyState.DISABLED))) {
            TestingFeed feed = TestingFeed.of(now);
            for (int generation = 1; generation <= 2; generation++) {
                String token = now.tokens().get(3 - generation).reveal();
                Verdict verdict = ask(feed, Question.of(token));
                assertThat(verdict.code()).isEqualTo(Code.REVOKED);
                assertThat(verdict.generation()).isEqualTo(generation);
                assertThat(verdict.about().orElseThrow().id())
                        .isEqualTo(key.id().value());
            }
        }
        Verdict newest = ask(TestingFeed.of(third), Question.of(third.token()));
        assertThat(newest.code()).isEqualTo(Code.VALID);
        assertThat(newest.generation()).isEqualTo(3);
    }

    /** A token is ended for good by the time 0, not by the time of the change: that a clock may show again. */
    @Test
    void tokenThatWasEndedForGoodHasEndedByAClockThatWasSetBack() {
        TestingFeed feed = TestingFeed.of(key.regenerate(0, random));
        for (long time : new long[] {clock.get(), 1, 0}) {
            clock.set(time);
            assertThat(code(feed, key.token())).isEqualTo(Code.REVOKED);
        }
    }

    @Test
    void formerTokenWorksUntilItsOverlapEnds() {
        TestingKey second = key.regenerate(2_000, random);
        TestingFeed feed = TestingFeed.of(second);
        clock.set(1_999);
        assertThat(code(feed, key.token())).isEqualTo(Code.VALID);
        assertThat(ask(feed, Question.of(key.token())).generation()).isEqualTo(1);
        assertThat(ask(feed, Question.of(second.token())).generation()).isEqualTo(2);
        clock.set(2_000);
        assertThat(code(feed, key.token())).isEqualTo(Code.REVOKED);
        assertThat(code(feed, second.token())).isEqualTo(Code.VALID);
    }

    @Test
    void verdictAboutATokenInItsOverlapSaysSinceWhenAndUntilWhen() {
        TestingKey second = key.regenerate(1_000, 2_000, random);
        TestingFeed feed = TestingFeed.of(second);
        clock.set(1_500);
        assertThat(ask(feed, Question.of(key.token())).inOverlap()).hasValueSatisfying(token -> {
            assertThat(token.supersededAt()).isEqualTo(1_000);
            assertThat(token.endsAt()).isEqualTo(2_000);
        });
        assertThat(ask(feed, Question.of(second.token())).inOverlap())
                .as("the newest token")
                .isEmpty();
        assertThat(ask(feed, Question.of(key.forged(random))).inOverlap()).isEmpty();
        assertThat(ask(TestingFeed.of(second.in(KeyState.DISABLED)), Question.of(key.token()))
                        .inOverlap())
                .as("enabled again, it would go on until then")
                .isPresent();
        clock.set(2_000);
        assertThat(ask(feed, Question.of(key.token())).inOverlap())
                .as("a token that has ended")
                .isEmpty();
    }

    @Test
    void formerTokenOfARevokedOrDisabledKeyIsNoBetterThanTheKey() {
        TestingKey second = key.regenerate(2_000, random);
        assertThat(code(TestingFeed.of(second.in(KeyState.REVOKED)), key.token()))
                .isEqualTo(Code.REVOKED);
        assertThat(code(TestingFeed.of(second.in(KeyState.DISABLED)), key.token()))
                .isEqualTo(Code.DISABLED);
        assertThat(code(TestingFeed.of(second.expiring(1)), key.token())).isEqualTo(Code.EXPIRED);
    }

    @Test
    void keyExpiresOnTheClockThatWasHandedIn() {
        TestingFeed feed = TestingFeed.of(key.expiring(5_000));
        clock.set(4_999);
        assertThat(code(feed, key.token())).isEqualTo(Code.VALID);
        clock.set(5_000);
        assertThat(code(feed, key.token())).isEqualTo(Code.EXPIRED);
        clock.set(Long.MAX_VALUE - 1);
        assertThat(code(feed, key.token())).isEqualTo(Code.EXPIRED);
        assertThat(code(TestingFeed.of(key), key.token()))
                .as("a key without expiry")
                .isEqualTo(Code.VALID);
    }

    @Test
    void keysOfOtherOrganizationsAreUnknownToAnAsker() {
        TestingKey theirs = TestingKey.issue(random).of("org-other");
        TestingKey operators = TestingKey.issue(random).of("org-operator");
        TestingFeed feed = TestingFeed.of(key, theirs, theirs.in(KeyState.REVOKED), operators);
        feed.apply(new FeedChange.Organization("org-other", "other", false, false, 1));
        feed.apply(new FeedChange.Organization("org-operator", "operator", true, false, 1));
        Scope acme = Scope.of(
                ask(feed, Question.of(key.token())).about().orElseThrow().organization());
        Scope operator = Scope.of(
                ask(feed, Question.of(operators.token())).about().orElseThrow().organization());
        Verifier verifier = new Verifier(feed.replica, clock::get);

        assertThat(verifier.verify(Question.of(key.token()), acme).code()).isEqualTo(Code.VALID);
        Verdict foreign = verifier.verify(Question.of(theirs.token()), acme);
        assertThat(foreign.code()).isEqualTo(Code.UNKNOWN);
        tellsNothing(foreign);
        assertThat(verifier.verify(Question.of(operators.token()), acme).code()).isEqualTo(Code.UNKNOWN);
        assertThat(verifier.verify(Question.of(key.token()), operator).code()).isEqualTo(Code.VALID);
        assertThat(verifier.verify(Question.of(theirs.token()), operator).code())
                .isEqualTo(Code.REVOKED);
    }

    @Test
    void userNameMustBeTheSubdomainOrTheKeysId() {
        for (TestingKey now : List.of(key, key.in(KeyState.DISABLED), key.in(KeyState.REVOKED), key.expiring(1))) {
            TestingFeed feed = TestingFeed.of(now);
            Code without = code(feed, key.token());
            assertThat(code(feed, key.token(), null, "acme")).isEqualTo(without);
            assertThat(code(feed, key.token(), null, key.id().value())).isEqualTo(without);
            for (String user : new String[] {"", "other", "ACME", "acme ", TestingKey.ORGANIZATION, "kr"}) {
                Verdict verdict = ask(feed, Question.of(key.token()).user(user));
                assertThat(verdict.code()).as(user).isEqualTo(Code.UNKNOWN);
                tellsNothing(verdict);
            }
        }
    }

    @Test
    void permissionIsTestedOnlyWhenItIsAskedFor() {
        TestingFeed feed = TestingFeed.of(key.granted(List.of("chat.start", "orders.*")));
        assertThat(code(feed, key.token())).isEqualTo(Code.VALID);
        assertThat(code(feed, key.token(), "chat.start", null)).isEqualTo(Code.VALID);
        assertThat(code(feed, key.token(), "orders.read", null)).isEqualTo(Code.VALID);
        assertThat(code(feed, key.token(), "chat.stop", null)).isEqualTo(Code.PERMISSION_DENIED);
        assertThat(code(feed, key.token(), "", null)).isEqualTo(Code.PERMISSION_DENIED);
        assertThat(code(TestingFeed.of(key.granted(List.of())), key.token())).isEqualTo(Code.VALID);
    }

    @Test
    void powerOverOtherKeysIsGrantedByNameOnly() {
        for (String reserved : Permissions.RESERVED) {
            assertThat(code(TestingFeed.of(key), key.token(), reserved, null)).isEqualTo(Code.PERMISSION_DENIED);
            assertThat(code(TestingFeed.of(key.granted(List.of("*.*"))), key.token(), reserved, null))
                    .isEqualTo(Code.PERMISSION_DENIED);
            assertThat(code(TestingFeed.of(key.granted(List.of(reserved))), key.token(), reserved, null))
                    .isEqualTo(Code.VALID);
        }
    }

    /** The question began on the halted state; that a snapshot comes meanwhile must not turn its answer into yes. */
    @Test
    void snapshotThatArrivesDuringAQuestionDoesNotMakeAHaltedAnswerValid() {
        TestingKey expiring = key.expiring(5_000);
        TestingFeed feed = TestingFeed.of(expiring);
        feed.apply(HALT);
        AtomicBoolean once = new AtomicBoolean();
        Verifier verifier = new Verifier(feed.replica, () -> {
            if (once.compareAndSet(false, true)) {
                feed.snapshot(1, expiring.in(KeyState.REVOKED));
            }
            return clock.get();
        });
        assertThat(verifier.verify(Question.of(key.token())).code()).isNotEqualTo(Code.VALID);
        assertThat(verifier.verify(Question.of(key.token())).code()).isEqualTo(Code.REVOKED);
    }

    @Test
    void ruleThatIsOnlyObservedIsToldWithTheYes() {
        Restrictions observing = new Restrictions.Builder()
                .websites(List.of(Website.of("https://example.com")), false)
                .observe(List.of(Rule.WEBSITES))
                .build();
        TestingKey watched = key.restricted(observing);
        TestingFeed feed = TestingFeed.of(watched);
        assertThat(observed(ask(feed, Question.of(watched.token()).origin("https://example.org"))))
                .containsExactly(Rule.WEBSITES);
        assertThat(observed(ask(feed, Question.of(watched.token()).origin("https://example.com"))))
                .isEmpty();
    }

    private static Set<Rule> observed(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Valid.class);
        return verdict.observed();
    }

    @Test
    void ruleThatIsOnlyObservedIsToldWithTheRefusalOfAnotherOne() {
        TestingKey watched = key.restricted(new Restrictions.Builder()
                        .websites(List.of(Website.of("https://example.com")), false)
                        .networks(List.of(Network.parse("192.0.2.1").orElseThrow()))
                        .apps(List.of())
                        .observe(List.of(Rule.WEBSITES, Rule.APPS))
                        .build())
                .granted(List.of("chat.start"));
        TestingFeed feed = TestingFeed.of(watched);
        Question good =
                Question.of(watched.token()).origin("https://example.com").ip("192.0.2.1");
        Verdict network = ask(feed, good.ip("192.0.2.2").origin("https://example.org"));
        assertThat(network.code()).isEqualTo(Code.NETWORK_NOT_ALLOWED);
        assertThat(network.observed()).containsExactlyInAnyOrder(Rule.WEBSITES, Rule.APPS);
        assertThat(ask(feed, good.ip("192.0.2.2")).observed()).containsExactly(Rule.APPS);
        Verdict permission = ask(feed, good.permission("chat.stop"));
        assertThat(permission.code()).isEqualTo(Code.PERMISSION_DENIED);
        assertThat(permission.observed()).containsExactly(Rule.APPS);
        feed.apply(watched.in(KeyState.DISABLED));
        assertThat(ask(feed, good).code()).isEqualTo(Code.DISABLED);
        assertThat(ask(feed, good).observed())
                .as("refused before its restrictions are looked at")
                .isEmpty();
    }

    @Test
    void verifierTellsTheLeaseThatItIsUnder() {
        Lease lease = new Lease(clock::get);
        assertThat(new Verifier(new TestingFeed().replica, TestingClock.of(clock::get, clock::get), lease).lease())
                .isSameAs(lease);
    }
}
