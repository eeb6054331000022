package dev.keyrack.verifier;

import static dev.keyrack.verifier.KeyType.WEB;
import static dev.keyrack.verifier.ReplicaCatalogue.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Promise: a key may do what it was granted and no more; power over other keys is granted by name only. */
class PermissionsTest {
    private static final List<String> WORDS = List.of("chat", "chats", "keys", "start", "star", "verify", "replicate");

    private static Permissions of(@Nullable List<String> granted) {
        return Permissions.of(granted, 0);
    }

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
        assertThat(of(grants).grant(question, NONE, WEB)).isEqualTo(oracle(grants, question));
    }

    @Example
    void wildcardStandsForTheWholeOfOneSide() {
        Permissions chat = of(List.of("chat.*"));
        assertThat(chat.grant("chat.start", NONE, WEB)).isTrue();
        assertThat(chat.grant("chats.start", NONE, WEB)).isFalse();
        assertThat(chat.grant("cha.start", NONE, WEB)).isFalse();
        Permissions read = of(List.of("*.read"));
        assertThat(read.grant("orders.read", NONE, WEB)).isTrue();
        assertThat(read.grant("orders.reads", NONE, WEB)).isFalse();
        assertThat(read.grant("orders.write", NONE, WEB)).isFalse();
    }

    @Example
    void reservedPermissionsAreGrantedByNameOnly() {
        for (String reserved : Permissions.RESERVED) {
            assertThat(of(null).grant(reserved, NONE, WEB)).isFalse();
            assertThat(of(List.of("*.*", "keys.*", "*.verify", "*.replicate")).grant(reserved, NONE, WEB))
                    .isFalse();
            assertThat(of(List.of(reserved)).grant(reserved, NONE, WEB)).isTrue();
        }
        assertThat(of(List.of("keys.verify")).grant("keys.replicate", NONE, WEB))
                .isFalse();
        assertThat(of(List.of("keys.*")).grant("keys.list", NONE, WEB)).isTrue();
    }

    @Example
    void noListGrantsAllAndAnEmptyOneNothing() {
        assertThat(of(null).grant("chat.start", NONE, WEB)).isTrue();
        assertThat(of(null).list()).isEmpty();
        assertThat(of(List.of()).grant("chat.start", NONE, WEB)).isFalse();
        assertThat(of(List.of()).list()).contains(List.of());
    }

    @Property
    void whatIsNoPermissionIsNeverGranted(@ForAll String text) {
        assertThat(Permissions.isQuestion(text)).isFalse();
        assertThat(of(null).grant(text, NONE, WEB)).isFalse();
        assertThat(of(List.of("*.*")).grant(text, NONE, WEB)).isFalse();
    }

    @Example
    void wildcardsCanBeGrantedButNotAskedFor() {
        for (String text : new String[] {"*.*", "chat.*", "*.start"}) {
            assertThat(Permissions.isGrant(text)).isTrue();
            assertThat(Permissions.isQuestion(text)).isFalse();
            assertThat(of(List.of(text)).grant(text, NONE, WEB)).isFalse();
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

    @Example
    void permissionsThatWereGivenUnderAnotherCatalogueAreOthers() {
        assertThat(Permissions.of(List.of("chat.*"), 1)).isEqualTo(Permissions.of(List.of("chat.*"), 1));
        assertThat(Permissions.of(List.of("chat.*"), 1)).isNotEqualTo(Permissions.of(List.of("chat.*"), 2));
        assertThat(Permissions.of(List.of("chat.*"), 1)).isNotEqualTo(Permissions.of(null, 1));
    }

    @Example
    void longestPermissionIsOneAndALongerOneIsNone() {
        String longest = "a." + "b".repeat(Permissions.MAX_LENGTH - 2);
        assertThat(Permissions.isQuestion(longest)).isTrue();
        assertThat(Permissions.isQuestion(longest + "b")).isFalse();
        assertThat(Permissions.isGrant("az09_-.z9")).isTrue();
        assertThat(Permissions.isGrant("a.`")).isFalse();
        assertThat(Permissions.isGrant("a.b:")).isFalse();
        assertThat(Permissions.isGrant("z.a/")).isFalse();
    }
}
