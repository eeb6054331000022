package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;

/** A server whose Owner has a password, and readers who sign in to its portal. */
abstract class TestingDoors extends TestingDesk {
    static final String HOME = "/settings/api-keys";
    static final String OWNER = "owner@example.com";
    static final String COOKIE = "keyrack";

    @BeforeEach
    void everybodyMayTry() {
        server.byHand("DELETE FROM sign_in_failures");
    }

    static TestingReader visitor() {
        TestingReader visitor = TestingReader.visitor(url);
        visitor.open("/sign-in");
        return visitor;
    }

    static Answer signIn(TestingReader visitor, String email, String password, String... more) {
        String[] fields = new String[4 + more.length];
        System.arraycopy(new String[] {"email", email, "password", password}, 0, fields, 0, 4);
        System.arraycopy(more, 0, fields, 4, more.length);
        return visitor.send("/sign-in", fields);
    }

    static Answer signIn(String... more) {
        Answer in = signIn(visitor(), OWNER, TestingReader.PASSWORD, more);
        assertThat(in.status()).as(in.text()).isEqualTo(303);
        return in;
    }

    static TestingReader session() {
        return visitor().with(TestingReader.cookie(signIn(), COOKIE));
    }

    static void requireIn(TestingReader reader) {
        assertThat(reader.open("/account").status()).isEqualTo(200);
    }

    static void requireOut(TestingReader reader) {
        Answer answer = reader.open("/account");
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).startsWith("/sign-in");
    }
}
