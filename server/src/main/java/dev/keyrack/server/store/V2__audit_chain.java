package dev.keyrack.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;

/**
 * The second schema: each audit event carries the MAC that ties it to the one before, and each organization's head that of
 * its last event. A program, since SQL cannot compute it; its name is what Flyway reads the number from.
 *
 * <p>Events that are there already are taken into the chain as they stand, in the same transaction: what was done to them
 * before cannot be told, what is done to them from now on can. It runs once: that it ran stands in Flyway's history, so
 * nobody gets altered events a new chain by emptying the columns.
 */
final class V2__audit_chain extends BaseJavaMigration {
    private static final int BATCH = 1_000;

    private final AuditChain chain;

    V2__audit_chain(AuditChain chain) {
        this.chain = chain;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        Connection connection = context.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE audit_events ADD COLUMN mac TEXT NOT NULL DEFAULT ''");
            statement.execute("ALTER TABLE audit_heads ADD COLUMN mac TEXT NOT NULL DEFAULT ''");
        }
        for (String organization : organizations(connection)) {
            adopt(connection, organization);
        }
    }

    private static List<String> organizations(Connection connection) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT organization_id FROM audit_heads")) {
            while (row.next()) {
                all.add(row.getString(1));
            }
        }
        return all;
    }

    private void adopt(Connection connection, String organization) throws SQLException {
        String previous = AuditChain.BEGINNING;
        try (PreparedStatement update = connection.prepareStatement(
                        "UPDATE audit_events SET mac = ? WHERE organization_id = ? AND seq = ?");
                PreparedStatement head =
                        connection.prepareStatement("UPDATE audit_heads SET mac = ? WHERE organization_id = ?")) {
            List<AuditRow> page = page(connection, organization, Long.MIN_VALUE);
            while (!page.isEmpty()) {
                for (AuditRow event : page) {
                    previous = chain.mac(previous, event);
                    update.setString(1, previous);
                    update.setString(2, organization);
                    update.setLong(3, event.seq());
                    update.addBatch();
                }
                update.executeBatch();
                page = page(connection, organization, page.getLast().seq());
            }
            head.setString(1, previous);
            head.setString(2, organization);
            head.executeUpdate();
        }
    }

    private static List<AuditRow> page(Connection connection, String organization, long after) throws SQLException {
        List<AuditRow> page = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT " + AuditRow.COLUMNS
                + " FROM audit_events WHERE organization_id = ? AND seq > ? ORDER BY seq LIMIT " + BATCH)) {
            query.setString(1, organization);
            query.setLong(2, after);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    page.add(AuditRow.read(row));
                }
            }
        }
        return page;
    }
}
