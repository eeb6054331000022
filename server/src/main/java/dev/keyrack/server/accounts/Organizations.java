package dev.keyrack.server.accounts;

import dev.keyrack.server.http.Cursor;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.store.AuditAction;
import dev.keyrack.server.store.AuditEvent;
import dev.keyrack.server.store.Change;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Organizations, once they are there. */
public final class Organizations {
    private final Store store;
    private final AccountSql sql = new AccountSql();
    private final LogoSql logos = new LogoSql();

    public Organizations(Store store) {
        this.store = store;
    }

    public Page<Organization> list(Caller caller, ListQuery query) {
        String only = caller.operator() ? null : caller.requireOrganization().id();
        Cursor after = query.after();
        Long createdAfter = after != null && query.sortedBy().equals("createdAt") ? after.number(0) : null;
        return Page.of(
                store.read(tx -> sql.organizations(tx, query, createdAfter, only)),
                query,
                o -> new Cursor(query.sort(), List.of(sortValue(query, o), o.id())));
    }

    private static String sortValue(ListQuery query, Organization organization) {
        return query.sortedBy().equals("createdAt")
                ? String.valueOf(organization.createdAt())
                : organization.subdomain();
    }

    public Organization get(Caller caller, String id) {
        return store.read(tx -> visible(tx, caller, id));
    }

    /** The organization, which the caller may change. */
    Organization changeable(Caller caller, String id) {
        Organization organization = get(caller, id);
        caller.require(Right.MANAGE);
        return organization;
    }

    /**
     * @param name nothing when it shall stay
     * @param settings makes the new ones of those that there are
     */
    public Organization update(
            Caller caller,
            String id,
            @Nullable String name,
            UnaryOperator<OrganizationSettings> settings,
            LongConsumer match) {
        return caller.change(store, tx -> {
                    Organization before = visible(tx, caller, id);
                    caller.require(Right.MANAGE);
                    match.accept(before.version());
                    List<AuditEvent> events = new ArrayList<>();
                    if (name != null && !name.equals(before.name())) {
                        sql.rename(tx, id, name);
                        events.add(new AuditEvent(
                                id,
                                AuditAction.ORGANIZATION_RENAMED,
                                new AuditEvent.Target("organization", id, name),
                                Map.of("name", before.name()),
                                Map.of("name", name)));
                    }
                    OrganizationSettings after = settings.apply(before.settings());
                    if (!after.equals(before.settings())) {
                        sql.set(tx, id, after);
                        events.add(new AuditEvent(
                                id,
                                AuditAction.ORGANIZATION_UPDATED,
                                before.target(),
                                before.settings().chosenOtherwiseThan(after),
                                after.chosenOtherwiseThan(before.settings())));
                    }
                    return new Change<>(visible(tx, caller, id), events, List.of());
                })
                .result();
    }

    /** Shows this picture as the organization's logo, as Keyrack draws it itself. */
    public Organization putLogo(Caller caller, String id, byte[] file) {
        byte[] png = LogoImage.png(file);
        return logo(caller, id, new LogoSql.Logo(LogoImage.name(png), png));
    }

    public Organization removeLogo(Caller caller, String id) {
        return logo(caller, id, null);
    }

    private Organization logo(Caller caller, String id, LogoSql.@Nullable Logo wanted) {
        return caller.change(store, tx -> {
                    Organization before = visible(tx, caller, id);
                    caller.require(Right.MANAGE);
                    String name = wanted == null ? null : wanted.name();
                    if (Objects.equals(before.logo(), name)) {
                        return Change.none(before);
                    }
                    logos.put(tx, id, wanted);
                    return Change.of(
                            visible(tx, caller, id),
                            new AuditEvent(
                                    id,
                                    AuditAction.ORGANIZATION_UPDATED,
                                    before.target(),
                                    before.logo() == null ? null : Map.of("logo", before.logo()),
                                    name == null ? null : Map.of("logo", name)));
                })
                .result();
    }

    /** A logo as PNG, for everybody who knows its name. */
    Optional<byte[]> logo(String name) {
        return store.read(tx -> logos.png(tx, name));
    }

    /** The address of the logo of an organization, for its visitors; nothing where it has none. */
    public Optional<String> logoAddress(String id) {
        return store.read(tx -> sql.organization(tx, id)).map(Organization::logoAddress);
    }

    private Organization visible(Tx tx, Caller caller, String id) {
        return visible(sql, tx, caller, id);
    }

    /** @throws ProblemException if it is not there, or not for the caller: which is the same to them */
    static Organization visible(AccountSql sql, Tx tx, Caller caller, String id) {
        Organization own = caller.organization();
        if (!caller.operator() && (own == null || !own.id().equals(id))) {
            throw new ProblemException(new Problem.NotFound());
        }
        return sql.organization(tx, id).orElseThrow(() -> new ProblemException(new Problem.NotFound()));
    }
}
