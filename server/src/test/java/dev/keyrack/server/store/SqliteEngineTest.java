package dev.keyrack.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyrack.server.texts.Texts;
import java.time.InstantSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Promise: nothing is said to be unchanged that may be found changed when the file is opened again. */
class SqliteEngineTest {
    private final SqliteEngine engine = new SqliteEngine(InstantSource.system());

    private Engine.Failure failure(SQLiteErrorCode code, boolean committing) {
        return engine.failure(new SQLiteException("failed", code), committing).orElseThrow();
    }

    private String said(SQLiteErrorCode code, boolean committing) {
        return Texts.english().text(failure(code, committing).says());
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE_IOERR", "SQLITE_IOERR_FSYNC", "SQLITE_CORRUPT", "SQLITE_READONLY"})
    void fileThatFailsDuringTheCommitLeavesItUncertain(SQLiteErrorCode code) {
        assertThat(failure(code, true).reason()).isEqualTo(StoreFailure.Reason.UNCERTAIN);
        assertThat(said(code, true)).contains("not known").doesNotContain("Nothing was changed");
        assertThat(failure(code, false).reason()).isEqualTo(StoreFailure.Reason.UNAVAILABLE);
        assertThat(said(code, false)).contains("Nothing was changed");
    }

    /** The record that makes a commit whole is written last: without room for it there is no commit. */
    @ParameterizedTest
    @EnumSource(names = {"SQLITE_FULL", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"})
    void fileThatHasNoRoomOrIsBusyWasNotChanged(SQLiteErrorCode code) {
        assertThat(said(code, true)).contains("Nothing was changed");
    }
}
