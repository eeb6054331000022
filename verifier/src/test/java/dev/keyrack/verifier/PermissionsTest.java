package dev.keyrack.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Promise: a key may do what it was granted and no more; power over other keys is granted by name only. */
class PermissionsTest {
    private static final List<String> WORDS = List.of("chat", "chats", "keys", "start", "star", "verify", "replicate");

    @Provide
    Arbitrary<String> questions() {
        return Combinators.combine(Arbitraries.of(WORDS), Arbitraries.of(WORDS)).as((r, a) -> r + "." + a);
    }

    @Provide
    Arbitrary<List<String>> grants() {
        Arbitrary<String> side = Arbitraries.oneOf(Arbitraries.of(WORDS), Arbitraries.just("*"));
        return Combinators.combine(side, side).as((r, a) -> r + "." + a).list().ofMaxSize(4);
    }

    /** A second implementation, by splitting, against which the first is held. */
    private static boolean oracle(List<String> grants, String question) {
        if (Permissions.RESERVED.contains(question)) {
            return grants.contains(question);
        }
        String[] asked = question.split("\\.", -1);
        return grants.stream()
                .map(g -> g.split("\\.", -1))
                .anyMatch(g ->
                        (g[0].equals("*") || g[0].equals(asked[0])) && (g[1].equals("*") || g[1].equals(asked[1])));
    }

    @Property(tries = 5000)
    void grantsAgreeWithASecondImplementation(
            @ForAll("grants") List<String> grants, @ForAll("questions") String question) {
        assertThat(Permissions.of(grants).grant(question)).isEqualTo(oracle(grants, question));
    }

    @Example
    void wildcardStandsForTheWholeOfOneSide() {
        Permissions chat = Permissions.of(List.of("chat.*"));
        assertThat(chat.grant("chat.start")).isTrue();
        assertThat(chat.grant("chats.start")).isFalse();
        assertThat(chat.grant("cha.start")).isFalse();
        Permissions read = Permissions.of(List.of("*.read"));
        assertThat(read.grant("orders.read")).isTrue();
        assertThat(read.grant("orders.reads")).isFalse();
        assertThat(read.grant("orders.write")).isFalse();
    }

    @Example
    void reservedPermissionsAreGrantedByNameOnly() {
        for (String reserved : Permissions.RESERVED) {
            assertThat(Permissions.of(null).grant(reserved)).isFalse();
            assertThat(Permissions.of(List.of("*.*", "keys.*", "*.verify", "*.replicate"))
                            .grant(reserved))
                    .isFalse();
            assertThat(Permissions.of(List.of(reserved)).grant(reserved)).isTrue();
        }
        assertThat(Permissions.of(List.of("keys.verify")).grant("keys.replicate"))
                .isFalse();
        assertThat(Permissions.of(List.of("keys.*")).grant("keys.list")).isTrue();
    }

    @Example
    void noListGrantsAllAndAnEmptyOneNothing() {
        assertThat(Permissions.of(null).grant("chat.start")).isTrue();
        assertThat(Permissions.of(null).list()).isEmpty();
        assertThat(Permissions.of(List.of()).grant("chat.start")).isFalse();
        assertThat(Permissions.of(List.of()).list()).contains(List.of());
    }

    @Property
    void whatIsNoPermissionIsNeverGranted(@ForAll String text) {
        assertThat(Permissions.isQuestion(text)).isFalse();
        assertThat(Permissions.of(null).grant(text)).isFalse();
        assertThat(Permissions.of(List.of("*.*")).grant(text)).isFalse();
    }

    @Example
    void wildcardsCanBeGrantedButNotAskedFor() {
        for (String text : new String[] {"*.*", "chat.*", "*.start"}) {
            assertThat(Permissions.isGrant(text)).isTrue();
            assertThat(Permissions.isQuestion(text)).isFalse();
            assertThat(Permissions.of(List.of(text)).grant(text)).isFalse();
        }
    }

    @Example
    void malformedTextsAreNeitherGrantsNorQuestions() {
        for (String text : new String[] {
            "",
            ".",
            "*",
            "chat",
            "chat.",
            ".start",
            "chat.start.now",
            "Chat.start",
            "chat.Start",
            "chat start",
            "chat.st*",
            "1chat.start",
            "chat..start",
            " chat.start",
            "chat.start\n",
            "chät.start",
            "**.start"
        }) {
            assertThat(Permissions.isGrant(text)).as(text).isFalse();
            assertThat(Permissions.isQuestion(text)).as(text).isFalse();
        }
    }

    @Example
    void permissionHasAtMostAHundredCharacters() {
        String longest = "a." + "b".repeat(Permissions.MAX_LENGTH - 2);
        assertThat(Permissions.isGrant(longest)).isTrue();
        assertThat(Permissions.isQuestion(longest)).isTrue();
        assertThat(Permissions.isGrant(longest + "b")).isFalse();
        assertThat(Permissions.isQuestion(longest + "b")).isFalse();
    }
}
