package dev.keyrack.server.accounts;

import dev.keyrack.server.store.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The field in which it is chosen to whom something goes: from a list where they are few, else by address or id. */
public final class MemberChoice {
    private static final int FEW = 50;

    private final Store store;
    private final MemberSql sql = new MemberSql();

    public MemberChoice(Store store) {
        this.store = store;
    }

    /**
     * @param members those to choose from; empty where the field is to be typed into
     * @param any whether there is anybody
     */
    public record Offer(List<Member> members, boolean any) {
        public Offer {
            members = List.copyOf(members);
        }
    }

    /**
     * Those who may have keys and projects of their own. Whoever does not manage members is offered the Owners, whom
     * everybody may know.
     *
     * @param but somebody who is not offered
     */
    public Offer offer(Caller caller, @Nullable String but) {
        String organization = caller.requireOrganization().id();
        List<Role> roles = caller.reach(Right.MANAGE) == Reach.ALL
                ? List.of(Role.values()).stream()
                        .filter(role -> role.reach(Right.CHANGE_KEYS) != Reach.NONE)
                        .toList()
                : List.of(Role.OWNER);
        List<Member> found = store.read(tx -> sql.ofRoles(tx, organization, roles, FEW + 2)).stream()
                .filter(member -> !member.id().equals(but))
                .toList();
        return new Offer(found.size() > FEW ? List.of() : found, !found.isEmpty());
    }

    /** The id of the member of this address or id; what is neither stays as it is, and is refused as an id. */
    public String id(Caller caller, String typed) {
        String organization = caller.requireOrganization().id();
        return store.read(tx -> sql.byEmail(tx, organization, typed))
                .map(Member::id)
                .orElse(typed);
    }
}
