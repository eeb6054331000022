package dev.keyrack.server.permissions;

import dev.keyrack.gate.CatalogueJson;
import dev.keyrack.server.store.Tx;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The catalogue in the store. */
final class CatalogueSql {
    private static final String VERSION = "SELECT version FROM catalogue WHERE id = 1";

    long version(Tx tx) {
        return tx.handle().createQuery(VERSION).mapTo(Long.class).one();
    }

    /** Within a change, the catalogue is nobody else's until the commit. */
    Catalogue locked(Tx tx) {
        long version =
                tx.handle().createQuery(VERSION + tx.lock()).mapTo(Long.class).one();
        return new Catalogue(version, entries(tx));
    }

    Catalogue catalogue(Tx tx) {
        return new Catalogue(version(tx), entries(tx));
    }

    private static SortedMap<String, Catalogue.Entry> entries(Tx tx) {
        SortedMap<String, Catalogue.Entry> entries = new TreeMap<>();
        tx.handle()
                .createQuery("SELECT permission, description, since FROM catalogue_permissions")
                .map((row, context) -> entries.put(
                        row.getString(1),
                        new Catalogue.Entry(row.getString(2), CatalogueJson.readSince(row.getString(3)))))
                .list();
        return entries;
    }

    void replace(Tx tx, Catalogue catalogue) {
        tx.handle()
                .createUpdate("UPDATE catalogue SET version = :version WHERE id = 1")
                .bind("version", catalogue.version())
                .execute();
        tx.handle().execute("DELETE FROM catalogue_permissions");
        if (catalogue.entries().isEmpty()) {
            return;
        }
        PreparedBatch batch = tx.handle().prepareBatch("""
                INSERT INTO catalogue_permissions (permission, description, since)
                VALUES (:permission, :description, :since)
                """);
        catalogue
                .entries()
                .forEach((permission, entry) -> batch.bind("permission", permission)
                        .bind("description", entry.description())
                        .bind("since", CatalogueJson.writeSince(entry.since()))
                        .add());
        batch.execute();
    }
}
