package dev.keyrack.server.accounts;

import java.util.List;

/** The table of roles as pages show it, read from {@link Role} itself. */
public record RoleTable(List<String> roles, List<Row> rows) {
    public RoleTable {
        roles = List.copyOf(roles);
        rows = List.copyOf(rows);
    }

    /**
     * @param right its name
     * @param reaches how far each role may do it, in the order of the roles
     */
    public record Row(String right, List<String> reaches) {
        public Row {
            reaches = List.copyOf(reaches);
        }
    }

    static RoleTable of(List<Role> roles) {
        return new RoleTable(
                roles.stream().map(Role::text).toList(),
                List.of(Right.values()).stream()
                        .map(right -> new Row(
                                right.name(),
                                roles.stream()
                                        .map(role -> role.reach(right).name())
                                        .toList()))
                        .toList());
    }
}
