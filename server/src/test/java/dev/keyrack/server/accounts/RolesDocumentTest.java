package dev.keyrack.server.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.texts.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Promise: the table of roles that people read is the one that the server asks. */
class RolesDocumentTest {
    private static final Path FILE = Path.of(System.getProperty("keyrack.root", ".."), "docs", "roles.md");
    private static final String BEGIN = "<!-- The table: begin -->\n";
    private static final String END = "<!-- The table: end -->";

    /** As the page of members says it. */
    private static String what(Right right) {
        return Texts.english().text("right." + right);
    }

    private static String how(Reach reach) {
        return switch (reach) {
            case NONE -> "–";
            case OWN -> "own";
            case ALL -> "all";
        };
    }

    private static String row(String first, Stream<String> others) {
        return "| " + first + " | " + others.collect(Collectors.joining(" | ")) + " |\n";
    }

    private static String table() {
        StringBuilder table = new StringBuilder();
        table.append(row(
                "",
                Stream.of(Role.values())
                        .map(role -> role.name().charAt(0) + role.text().substring(1))));
        table.append(row("---", Stream.of(Role.values()).map(role -> "---")));
        for (Right right : Right.values()) {
            table.append(row(what(right), Stream.of(Role.values()).map(role -> how(role.reach(right)))));
        }
        return table.toString();
    }

    @Test
    void documentHasTheTableThatTheServerAsks() throws IOException {
        String text = Files.readString(FILE);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        assertThat(from).isBetween(BEGIN.length(), to);
        if (Boolean.getBoolean("keyrack.write-docs")) {
            Files.writeString(FILE, text.substring(0, from) + table() + text.substring(to));
            return;
        }
        assertThat(text.substring(from, to))
                .as("write it anew: ./keyrack test -pl server -am -Dtest=RolesDocumentTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dkeyrack.write-docs=true")
                .isEqualTo(table());
    }

    @Test
    void whoIsAnOwnerIsDecidedByThoseOfThatRightAndNobodyElse() {
        for (Role role : Role.values()) {
            assertThat(role.manages(Role.OWNER)).as(role.text()).isEqualTo(role.reach(Right.GOVERN) == Reach.ALL);
        }
    }
}
