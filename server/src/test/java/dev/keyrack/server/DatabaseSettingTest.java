package dev.keyrack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyrack.server.app.Settings;
import dev.keyrack.server.app.SettingsReader;
import dev.keyrack.server.store.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise: the database's URL is shown to people without its password, also when it cannot be understood. */
class DatabaseSettingTest {
    @TempDir
    Path path;

    private Settings read(String url) {
        return SettingsReader.read(path.resolve("keyrack.yaml"), Map.of("KEYRACK_DATABASE_URL", url));
    }

    @Test
    void databaseIsShownWithoutItsPassword() throws IOException {
        assertThat(read("postgresql://keyrack:hidden@db/keys?sslmode=require").lines())
                .contains("database            postgresql://keyrack@db:5432/keys?sslmode=require")
                .noneMatch(line -> line.contains("hidden"));
        assertThat(read("").lines()).contains("database            embedded, in the data folder");
        Files.writeString(path.resolve("keyrack.yaml"), "database-url: postgresql://keyrack:hidden@file/keys\n");
        assertThat(read("").lines()).contains("database            postgresql://keyrack@file:5432/keys");
    }

    @Test
    void urlThatCannotBeUnderstoodIsNotRepeated() {
        assertThatThrownBy(() -> read("postgresql://keyrack:hid/den@db/keys"))
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining("write %2F for a / in the password")
                .hasMessageNotContaining("hid");
    }
}
