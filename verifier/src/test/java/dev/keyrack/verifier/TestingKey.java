package dev.keyrack.verifier;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A key together with the tokens that were minted for it, newest first, so that tests can both announce it to a replica
 * and present its tokens. Each change is a new record with the next version.
 */
record TestingKey(FeedChange.Key change, List<Secret> tokens) {
    static final String ORGANIZATION = "org-acme";
    static final String PROJECT = "project-shop";

    TestingKey {
        tokens = List.copyOf(tokens);
    }

    /** A source that gives the same tokens in every run. */
    static RandomGenerator random(long seed) {
        return new Random(seed);
    }

    /** An active web key of {@link #ORGANIZATION}, with all permissions and no expiry. */
    static TestingKey issue(RandomGenerator random) {
        return issue(KeyType.WEB, random);
    }

    static TestingKey issue(KeyType type, RandomGenerator random) {
        TokenFormat.Minted minted = TokenFormat.mint("kr", type.tag(), random);
        FeedChange.Token token = new FeedChange.Token(1, minted.digest(), FeedChange.NEVER);
        return new TestingKey(
                new FeedChange.Key(
                        minted.id(),
                        ORGANIZATION,
                        PROJECT,
                        type,
                        KeyState.ACTIVE,
                        1,
                        List.of(token),
                        FeedChange.NEVER,
                        null,
                        0,
                        Restrictions.NONE),
                List.of(minted.token()));
    }

    /** The newest token, as a caller presents it. */
    String token() {
        return tokens.getFirst().reveal();
    }

    KeyId id() {
        return change.id();
    }

    /** Another token of the same spelling and id: what somebody has who knows the public id only. */
    String forged(RandomGenerator random) {
        return TokenFormat.mint("kr", change.type().tag(), id(), random).token().reveal();
    }

    /** The next generation; the one before ends at this time. */
    TestingKey regenerate(long formerEndsAt, RandomGenerator random) {
        return regenerate(0, formerEndsAt, random);
    }

    TestingKey regenerate(long at, long formerEndsAt, RandomGenerator random) {
        TokenFormat.Minted minted = TokenFormat.mint("kr", change.type().tag(), id(), random);
        List<FeedChange.Token> all = new ArrayList<>();
        FeedChange.Token former = change.tokens().getFirst();
        all.add(new FeedChange.Token(former.generation() + 1, minted.digest(), FeedChange.NEVER));
        all.add(new FeedChange.Token(former.generation(), former.digest(), at, formerEndsAt));
        all.addAll(change.tokens().subList(1, change.tokens().size()));
        List<Secret> secrets = new ArrayList<>(tokens);
        secrets.addFirst(minted.token());
        return new TestingKey(next(change.state(), all, change.expiresAt(), change.permissions()), secrets);
    }

    TestingKey in(KeyState state) {
        return with(next(state, change.tokens(), change.expiresAt(), change.permissions()));
    }

    TestingKey expiring(long at) {
        return with(next(change.state(), change.tokens(), at, change.permissions()));
    }

    TestingKey granted(@Nullable List<String> permissions) {
        return with(next(change.state(), change.tokens(), change.expiresAt(), permissions));
    }

    /** With these permissions, as they were given under this version of the catalogue. */
    TestingKey granted(@Nullable List<String> permissions, long asOf) {
        return with(new FeedChange.Key(
                change.id(),
                change.organizationId(),
                change.projectId(),
                change.type(),
                change.state(),
                change.version() + 1,
                change.tokens(),
                change.expiresAt(),
                permissions,
                asOf,
                change.restrictions()));
    }

    TestingKey of(String organization) {
        return with(new FeedChange.Key(
                change.id(),
                organization,
                change.projectId(),
                change.type(),
                change.state(),
                change.version() + 1,
                change.tokens(),
                change.expiresAt(),
                change.permissions(),
                change.permissionsAsOf(),
                change.restrictions()));
    }

    TestingKey restricted(Restrictions restrictions) {
        return with(new FeedChange.Key(
                change.id(),
                change.organizationId(),
                change.projectId(),
                change.type(),
                change.state(),
                change.version() + 1,
                change.tokens(),
                change.expiresAt(),
                change.permissions(),
                change.permissionsAsOf(),
                restrictions));
    }

    private TestingKey with(FeedChange.Key next) {
        return new TestingKey(next, tokens);
    }

    private FeedChange.Key next(
            KeyState state, List<FeedChange.Token> of, long expiresAt, @Nullable List<String> permissions) {
        return new FeedChange.Key(
                change.id(),
                change.organizationId(),
                change.projectId(),
                change.type(),
                state,
                change.version() + 1,
                of,
                expiresAt,
                permissions,
                change.permissionsAsOf(),
                change.restrictions());
    }
}
