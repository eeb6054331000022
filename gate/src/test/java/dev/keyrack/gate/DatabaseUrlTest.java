package dev.keyrack.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Promise: a database URL is understood as it was meant or refused, and its password is seen by nobody. */
class DatabaseUrlTest {
    private static PGSimpleDataSource source(String url) {
        return (PGSimpleDataSource) DatabaseUrl.parse(url).connections("test", Duration.ofSeconds(7));
    }

    @Test
    void everyPartArrivesDecodedAtTheDriver() {
        PGSimpleDataSource source =
                source("postgresql://key%40rack:p%3Aä%2F%25+w@db.example.com:6432/keys%2D1?sslmode=verify-full"
                        + "&sslrootcert=%2Fetc%2Fca.pem");
        assertThat(source.getUser()).isEqualTo("key@rack");
        assertThat(source.getPassword()).isEqualTo("p:ä/%+w");
        assertThat(source.getServerNames()).containsExactly("db.example.com");
        assertThat(source.getPortNumbers()).containsExactly(6432);
        assertThat(source.getDatabaseName()).isEqualTo("keys-1");
        assertThat(source.getSslMode()).isEqualTo("verify-full");
        assertThat(source.getSslRootCert()).isEqualTo("/etc/ca.pem");
        assertThat(source.getSocketTimeout()).isEqualTo(7);
        assertThat(source.getPrepareThreshold()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "postgres://k:p@db/x, postgresql://k@db:5432/x",
        "postgresql://k@db/x, postgresql://k@db:5432/x",
        "postgresql://k:a@b@db/x, postgresql://k@db:5432/x",
        "postgresql://k:a:b@[::1]/x, postgresql://k@[::1]:5432/x",
        "postgresql://k:p@[2001:db8::1]:99/x?sslmode=require, postgresql://k@[2001:db8::1]:99/x?sslmode=require"
    })
    void urlIsShownWithoutItsPassword(String url, String shown) {
        assertThat(DatabaseUrl.parse(url)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://k:hidden@db/x",
                "mysql://k:hidden@db/x",
                "postgresql://db/x",
                "postgresql://:hidden@db/x",
                "postgresql://k:hidden@db",
                "postgresql://k:hidden@db/",
                "postgresql://k:hidden@/x",
                "postgresql://k:hidden@a,b/x",
                "postgresql://k:hidden@db:/x",
                "postgresql://k:hidden@db:0/x",
                "postgresql://k:hidden@db:65536/x",
                "postgresql://k:hidden@[::1/x",
                "postgresql://k:hidden/more@db/x",
                "postgresql://k:hidden?more@db/x",
                "postgresql://k:hidden#more@db/x",
                "postgresql://k:hidden%@db/x",
                "postgresql://k:hidden%zz@db/x",
                "postgresql://k:hidden%ff@db/x",
                "postgresql://k:hidden%00@db/x",
                "postgresql://k:hidden@db/x?sslmode=hidden",
                "postgresql://k:hidden@db/x?sslmode",
                "postgresql://k:hidden@db/x?sslmode=require&sslmode=require",
                "postgresql://k:hidden@db/x?password=hidden",
                "postgresql://k:hidden@db/x#hidden"
            })
    void urlThatCannotBeMeantIsRefusedWithoutRepeatingThePassword(String url) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hidden")
                .hasMessageNotContaining("more")
                .hasNoCause();
    }
}
