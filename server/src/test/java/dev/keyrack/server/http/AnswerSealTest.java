package dev.keyrack.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.store.DataFolder;
import dev.keyrack.server.store.Database;
import dev.keyrack.server.store.Keyset;
import dev.keyrack.verifier.Secret;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: a kept answer opens with the keyset, the Idempotency-Key and the caller's credential, and with no two of them. */
class AnswerSealTest {
    private static final String ANSWER = "{'token':'kr_srv_secret'}";
    private static final Secret KEY = Secret.of("retry-1");
    private static final Secret TOKEN = Secret.of("kr_pat_the callers own");
    private static final Secret WRONG = Secret.of("something else");

    @TempDir
    Path folder;

    private AnswerSeal seal;
    private IdempotentCall call;
    private String sealed;

    @BeforeEach
    void seal() {
        seal = new AnswerSeal(keyset("one"));
        call = call("member/1", "POST", "/api/v1/keys", KEY, "{}");
        sealed = seal.seal(call, ANSWER);
    }

    private Keyset keyset(String name) {
        try (DataFolder taken = DataFolder.take(folder.resolve(name)).orElseThrow()) {
            Database.Opened opened = Database.open(
                    taken, new Database.KeysetPlace(null, null), InstantSource.system(), new SecureRandom());
            opened.store().close();
            return opened.keyset();
        }
    }

    private IdempotentCall call(String caller, String method, String path, Secret key, String body) {
        return seal.call(new Credential(caller, TOKEN), method, path, key, body);
    }

    @Test
    void answerOpensForTheSameCallAlsoAfterARestart() {
        AnswerSeal restarted = new AnswerSeal(keyset("one"));
        IdempotentCall again = restarted.call(new Credential("member/1", TOKEN), "POST", "/api/v1/keys", KEY, "{}");
        assertThat(again.id()).isEqualTo(call.id());
        assertThat(again.requestHash()).isEqualTo(call.requestHash());
        assertThat(restarted.open(again, sealed)).contains(ANSWER);
    }

    @Test
    void databaseAndKeysetDoNotOpenItWithoutTheCredential() {
        for (Secret guess : List.of(WRONG, Secret.of(""), KEY)) {
            IdempotentCall stolen = new IdempotentCall(call.id(), call.requestHash(), KEY, guess);
            assertThat(seal.open(stolen, sealed)).isEmpty();
        }
    }

    @Test
    void databaseAndKeysetDoNotOpenItWithoutTheIdempotencyKey() {
        for (Secret guess : List.of(WRONG, Secret.of(""), TOKEN)) {
            IdempotentCall stolen = new IdempotentCall(call.id(), call.requestHash(), guess, TOKEN);
            assertThat(seal.open(stolen, sealed)).isEmpty();
        }
    }

    @Test
    void databaseAndLogsDoNotOpenItWithoutTheKeyset() {
        assertThat(new AnswerSeal(keyset("another")).open(call, sealed)).isEmpty();
    }

    @Test
    void answerOpensInItsOwnRowOnly() {
        IdempotentCall other = call("member/1", "POST", "/api/v1/projects", KEY, "{}");
        assertThat(seal.open(other, sealed)).isEmpty();
        IdempotentCall otherBody = new IdempotentCall(call.id(), other.requestHash(), KEY, TOKEN);
        assertThat(seal.open(otherBody, sealed)).isEmpty();
        for (String changed : List.of("", "!", sealed.substring(4), sealed.replace(sealed.charAt(20), '!'))) {
            assertThat(seal.open(call, changed)).isEmpty();
        }
    }

    @Test
    void everyCallerMethodPathAndKeyHasAnIdOfItsOwnHoweverTheyAreCut() {
        Set<String> ids = new HashSet<>();
        List<IdempotentCall> calls = List.of(
                call,
                call("member/12", "POST", "/api/v1/keys", KEY, "{}"),
                call("member/1", "PUT", "/api/v1/keys", KEY, "{}"),
                call("member/1", "POST", "/api/v1/key", KEY, "{}"),
                call("member/1", "POST", "/api/v1/key", Secret.of("sretry-1"), "{}"),
                call("member/1", "POST", "/api/v1/keys", Secret.of("retry-12"), "{}"));
        calls.forEach(c -> ids.add(c.id()));
        assertThat(ids).hasSameSizeAs(calls);
        assertThat(call("member/1", "POST", "/api/v1/keys", KEY, "{\"a\":1}").id())
                .isEqualTo(call.id());
        assertThat(call("member/1", "POST", "/api/v1/keys", KEY, "{\"a\":1}").requestHash())
                .isNotEqualTo(call.requestHash());
    }

    @Test
    void nothingThatIsWrittenOrPrintedShowsASecret() {
        assertThat(call.id() + call.requestHash() + sealed).doesNotContain("retry", "member", "secret");
        assertThat(call.toString() + new Credential("member/1", TOKEN)).doesNotContain("retry", "own");
        assertThat(seal.seal(call, ANSWER)).as("a fresh nonce each time").isNotEqualTo(sealed);
    }
}
