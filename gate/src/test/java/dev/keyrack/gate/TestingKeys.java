package dev.keyrack.gate;

import dev.keyrack.verifier.FeedChange;
import dev.keyrack.verifier.FeedEntry;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.KeyType;
import dev.keyrack.verifier.Replica;
import dev.keyrack.verifier.Restrictions;
import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.TokenFormat;
import dev.keyrack.verifier.Verifier;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** A replica with a key in every state, and the tokens that belong to them. */
final class TestingKeys {
    /** The control plane's time in these tests. */
    static final long NOW = 1_800_000_000_000_000L;

    static final long HOUR = 3_600_000_000L;
    static final long TOMORROW = NOW + 86_400_000_000L;

    final Replica replica = new Replica();
    final Verifier verifier = new Verifier(replica, () -> NOW);
    private final SecureRandom random = new SecureRandom();
    private final List<String> tokens = new ArrayList<>();
    private final List<FeedChange> changes = new ArrayList<>();

    final Key active = key("org_acme", KeyType.SERVER, KeyState.ACTIVE, FeedChange.NEVER, null);
    final Key limited = key("org_acme", KeyType.WEB, KeyState.ACTIVE, TOMORROW, List.of("chat.start", "chat.read"));
    final Key disabled = key("org_acme", KeyType.SERVER, KeyState.DISABLED, FeedChange.NEVER, null);
    final Key revoked = key("org_acme", KeyType.SERVER, KeyState.REVOKED, FeedChange.NEVER, null);
    final Key expired = key("org_acme", KeyType.SERVER, KeyState.ACTIVE, NOW - 1, null);
    final Key suspended = key("org_suspended", KeyType.SERVER, KeyState.ACTIVE, FeedChange.NEVER, null);
    final Key others = key("org_other", KeyType.SERVER, KeyState.ACTIVE, FeedChange.NEVER, null);
    final Key acmeAsker = key("org_acme", KeyType.SERVER, KeyState.ACTIVE, FeedChange.NEVER, List.of("keys.verify"));
    final Key otherAsker = key("org_other", KeyType.SERVER, KeyState.ACTIVE, FeedChange.NEVER, List.of("keys.verify"));
    final Key operatorAsker =
            key("org_operator", KeyType.SERVER, KeyState.ACTIVE, FeedChange.NEVER, List.of("keys.verify"));
    final Key webAsker = key("org_acme", KeyType.WEB, KeyState.ACTIVE, FeedChange.NEVER, List.of("keys.verify"));
    final Key wildcardAsker = key("org_acme", KeyType.SERVER, KeyState.ACTIVE, FeedChange.NEVER, List.of("*.*"));
    final Key revokedAsker =
            key("org_acme", KeyType.SERVER, KeyState.REVOKED, FeedChange.NEVER, List.of("keys.verify"));
    final Key rotated = key("org_acme", KeyType.SERVER, KeyState.ACTIVE, FeedChange.NEVER, List.of("chat.start"));
    final Key rotatedAndExpiring = key("org_acme", KeyType.SERVER, KeyState.ACTIVE, TOMORROW, null);
    final Key rotatedAndExpiringSoon = key("org_acme", KeyType.SERVER, KeyState.ACTIVE, NOW + HOUR / 2, null);
    final Key rotatedAndDisabled = key("org_acme", KeyType.SERVER, KeyState.DISABLED, FeedChange.NEVER, null);
    final String superseded = supersede(active, NOW);

    /** Tokens in an overlap that began an hour ago and ends in one. */
    final String overlapping = supersede(rotated, NOW + HOUR);

    final String overlappingExpiring = supersede(rotatedAndExpiring, NOW + HOUR);
    final String overlappingExpiringSoon = supersede(rotatedAndExpiringSoon, NOW + HOUR);
    final String overlappingDisabled = supersede(rotatedAndDisabled, NOW + HOUR);
    final String unknown = minted("srv").token().reveal();
    final String personal = minted(TokenFormat.PERSONAL_TAG).token().reveal();

    record Key(String id, String token, FeedChange.Key state) {}

    TestingKeys load() {
        Replica.Loader loader = replica.load();
        loader.add(new FeedChange.Organization("org_acme", "acme", false, false, 1));
        loader.add(new FeedChange.Organization("org_other", "other", false, false, 1));
        loader.add(new FeedChange.Organization("org_operator", "operator", true, false, 1));
        loader.add(new FeedChange.Organization("org_suspended", "suspended", false, true, 1));
        changes.forEach(loader::add);
        loader.finish(7, 1);
        return this;
    }

    void revoke(Key key) {
        FeedChange.Key was = key.state();
        apply(new FeedChange.Key(
                was.id(),
                was.organizationId(),
                was.projectId(),
                was.type(),
                KeyState.REVOKED,
                was.version() + 10,
                was.tokens(),
                was.expiresAt(),
                was.permissions(),
                was.permissionsAsOf(),
                was.restrictions()));
    }

    /** From then on nothing is {@code VALID}. */
    void halt() {
        apply(new FeedChange.Unknown("something-newer"));
    }

    /** The secret part of every token there is. */
    List<String> secrets() {
        return tokens.stream()
                .map(token -> token.substring(token.length() - 33, token.length() - 6))
                .toList();
    }

    private void apply(FeedChange change) {
        replica.apply(new FeedEntry(replica.number() + 1, 1, false, change));
    }

    private Key key(String organization, KeyType type, KeyState state, long expiresAt, List<String> permissions) {
        TokenFormat.Minted minted = minted(type.tag());
        FeedChange.Key change = new FeedChange.Key(
                minted.id(),
                organization,
                "prj_" + organization,
                type,
                state,
                1,
                List.of(new FeedChange.Token(1, minted.digest(), FeedChange.NEVER)),
                expiresAt,
                permissions,
                0,
                Restrictions.NONE);
        changes.add(change);
        return new Key(minted.id().value(), minted.token().reveal(), change);
    }

    /** Gives the key an older token, superseded an hour ago. */
    private String supersede(Key key, long endsAt) {
        TokenFormat.Minted older = TokenFormat.mint("kr", key.state().type().tag(), new KeyId(key.id()), random);
        tokens.add(older.token().reveal());
        FeedChange.Key was = key.state();
        changes.add(new FeedChange.Key(
                was.id(),
                was.organizationId(),
                was.projectId(),
                was.type(),
                was.state(),
                2,
                List.of(
                        new FeedChange.Token(2, was.tokens().getFirst().digest(), FeedChange.NEVER),
                        new FeedChange.Token(1, older.digest(), NOW - HOUR, endsAt)),
                was.expiresAt(),
                was.permissions(),
                was.permissionsAsOf(),
                was.restrictions()));
        return older.token().reveal();
    }

    private TokenFormat.Minted minted(String tag) {
        TokenFormat.Minted minted = TokenFormat.mint("kr", tag, random);
        Secret token = minted.token();
        tokens.add(token.reveal());
        return minted;
    }
}
