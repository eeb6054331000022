package dev.keyrack.server.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.server.store.Ids;
import dev.keyrack.server.store.Store;
import dev.keyrack.verifier.Secret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: signing in takes the same work whether or not there is such an account, and none at all while it has to wait. */
class SignInTest {
    private static final Secret PASSWORD = Secret.of("violet harbour under nine ladders");

    @TempDir
    Path path;

    private DataFolder folder;
    private Store store;
    private SignIn signIn;
    private final Passwords passwords = new Passwords();
    private final Ids ids = new Ids(new SecureRandom());

    @BeforeEach
    void open() {
        folder = DataFolder.take(path).orElseThrow();
        Database.Opened opened = Database.open(
                folder, new Database.KeysetPlace(null, null), InstantSource.fixed(Instant.EPOCH), new SecureRandom());
        store = opened.store();
        signIn = new SignIn(
                store,
                new Sessions(store, ids),
                passwords,
                new SignInFailures(store, opened.keyset(), ids),
                new DeniedCalls(store));
        member("jane@example.com", true);
        member("new@example.com", false);
    }

    @AfterEach
    void close() {
        store.close();
        folder.close();
    }

    private void member(String email, boolean withPassword) {
        Organization organization = new Organization(
                ids.next("org"), "Name", ids.next("s"), false, "active", OrganizationSettings.NONE, null, null, 1, 0);
        Member member = new Member(ids.next("mem"), organization.id(), email, "", Role.OWNER, 1, 0);
        String hash = passwords.hash(PASSWORD);
        store.change(new Cause(Actor.SYSTEM, null, "test"), tx -> {
            new AccountSql().insert(tx, organization);
            new MemberSql().insert(tx, member);
            if (withPassword) {
                new MemberSql().setPassword(tx, member.id(), hash);
            }
            return Change.none("");
        });
    }

    /** How often Argon2 was computed for a try that must go like this. */
    private long work(String email, Secret password, Class<? extends SignIn.Outcome> outcome) {
        long before = passwords.computations();
        assertThat(signIn.signIn(email, password, null, Optional.empty(), "192.0.2.1", "test", ""))
                .isInstanceOf(outcome);
        return passwords.computations() - before;
    }

    @Test
    void sameWorkIsDoneForEveryAccountAndForNone() {
        Secret wrong = Secret.of("not it at all");
        assertThat(work("jane@example.com", PASSWORD, SignIn.Outcome.In.class)).isEqualTo(1);
        assertThat(work("jane@example.com", wrong, SignIn.Outcome.NotGood.class))
                .isEqualTo(1);
        assertThat(work("nobody@example.com", wrong, SignIn.Outcome.NotGood.class))
                .isEqualTo(1);
        assertThat(work("new@example.com", wrong, SignIn.Outcome.NotGood.class)).isEqualTo(1);
        assertThat(work("", wrong, SignIn.Outcome.NotGood.class)).isEqualTo(1);
        Secret endless = Secret.of("x".repeat(100_000));
        assertThat(work("jane@example.com", endless, SignIn.Outcome.NotGood.class))
                .isEqualTo(1);
        assertThat(work("nobody@example.com", endless, SignIn.Outcome.NotGood.class))
                .isEqualTo(1);
    }

    @Test
    void noPasswordIsLookedAtWhileOneHasToWait() {
        for (int i = 0; i < 5; i++) {
            work("jane@example.com", Secret.of("wrong " + i), SignIn.Outcome.NotGood.class);
        }
        assertThat(work("jane@example.com", PASSWORD, SignIn.Outcome.Wait.class))
                .as("not even the right one")
                .isZero();
    }
}
