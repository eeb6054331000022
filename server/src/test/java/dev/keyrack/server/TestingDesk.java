package dev.keyrack.server;

import dev.keyrack.server.app.ControlFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What tests of the portal have in common: a server whose owner has a password. */
abstract class TestingDesk {
    static TestingServer server;

    /** Where the portal is. */
    static String url;

    @BeforeAll
    static void start() {
        server = TestingServer.start();
        url = ControlFile.read(server.data).orElseThrow().url();
        TestingReader.owner(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }
}
