package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Tx;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Logos of organizations in the store. */
final class LogoSql {
    /** @param png not to be changed */
    @SuppressWarnings("ArrayRecordComponent")
    record Logo(String name, byte[] png) {}

    /** @param logo nothing to have none */
    void put(Tx tx, String organizationId, @Nullable Logo logo) {
        tx.handle()
                .createUpdate("UPDATE organizations SET logo = :name, version = version + 1 WHERE id = :id")
                .bind("id", organizationId)
                .bind("name", logo == null ? null : logo.name())
                .execute();
        if (logo == null) {
            tx.handle()
                    .createUpdate("DELETE FROM logos WHERE organization_id = :id")
                    .bind("id", organizationId)
                    .execute();
            return;
        }
        tx.handle()
                .createUpdate("""
                        INSERT INTO logos (organization_id, name, png) VALUES (:id, :name, :png)
                        ON CONFLICT (organization_id) DO UPDATE SET name = excluded.name, png = excluded.png
                        """)
                .bind("id", organizationId)
                .bind("name", logo.name())
                .bind("png", Base64.getEncoder().encodeToString(logo.png()))
                .execute();
    }

    Optional<byte[]> png(Tx tx, String name) {
        return tx.handle()
                .createQuery("""
                        SELECT l.png FROM logos l JOIN organizations o ON o.id = l.organization_id
                        WHERE l.name = :name AND NOT %s LIMIT 1
                        """.formatted(AccountSql.DELETED))
                .bind("name", name)
                .mapTo(String.class)
                .findFirst()
                .map(Base64.getDecoder()::decode);
    }
}
