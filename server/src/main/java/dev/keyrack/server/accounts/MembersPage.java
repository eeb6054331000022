package dev.keyrack.server.accounts;

import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.portal.Form;
import dev.keyrack.server.portal.ListLinks;
import dev.keyrack.server.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Members: who they are, what they may do, and what becomes of them. */
@RestController
@RequestMapping(MembersPage.ADDRESS)
public final class MembersPage {
    static final String ADDRESS = "/members";

    /** The parameter with the cursor of the list of invitations. */
    private static final String INVITATIONS = "invitations";

    private final Pages pages;
    private final Members members;
    private final Invitations invitations;
    private final Recovery recovery;
    private final MemberChoice choice;
    private final Supplier<String> base;

    /** @param base the address by which people reach the control plane, without a slash at its end */
    public MembersPage(
            Pages pages,
            Members members,
            Invitations invitations,
            Recovery recovery,
            MemberChoice choice,
            Supplier<String> base) {
        this.pages = pages;
        this.members = members;
        this.invitations = invitations;
        this.recovery = recovery;
        this.choice = choice;
        this.base = base;
    }

    /**
     * @param self whether it is the reader
     * @param managed whether the reader's role manages this one
     */
    public record Row(Member member, boolean self, boolean managed) {}

    /**
     * @param managed whether the reader may withdraw it or make a new link
     * @param ended whether its link works no more
     * @param form tells a repeated click from another one
     */
    public record Open(Invitation invitation, boolean managed, boolean ended, Form form) {}

    /**
     * @param next the cursor of the next page; nothing on the last one
     * @param later whether there are newer invitations than those that are shown
     * @param nextInvitations the cursor of the next page of them; nothing on the last one
     */
    public record Listed(
            List<Row> rows,
            Form filter,
            ListLinks links,
            @Nullable String next,
            List<Open> invitations,
            boolean later,
            @Nullable String nextInvitations,
            RoleTable roles) {}

    @GetMapping
    ResponseEntity<byte[]> list(Caller caller, HttpServletRequest request) {
        ListQuery query = MembersApi.LIST.readForPage(request);
        Page<Member> found = members.list(caller, query);
        Page<Invitation> open = invitations.list(caller, InvitationsApi.LIST.readForPage(request, INVITATIONS));
        return pages.show(
                request,
                "accounts/members",
                new Listed(
                        found.items().stream().map(m -> row(caller, m)).toList(),
                        Form.of(request),
                        new ListLinks(request, query, List.of("search")),
                        found.next(),
                        open.items().stream().map(i -> open(caller, i)).toList(),
                        request.getParameter(INVITATIONS) != null,
                        open.next(),
                        RoleTable.of(List.of(Role.values()))));
    }

    private static Row row(Caller caller, Member member) {
        return new Row(member, self(caller, member.id()), manages(caller, member.role()));
    }

    private static Open open(Caller caller, Invitation invitation) {
        return new Open(
                invitation, manages(caller, invitation.role()), invitation.endsAt() <= caller.at(), Form.of(Map.of()));
    }

    private static boolean self(Caller caller, String id) {
        Member reader = caller.member();
        return reader != null && reader.id().equals(id);
    }

    static boolean manages(Caller caller, Role role) {
        Member reader = caller.member();
        return reader == null || reader.role().manages(role);
    }

    /** The names of the roles that the reader may give. */
    static List<String> given(Caller caller) {
        return List.of(Role.values()).stream()
                .filter(role -> manages(caller, role))
                .map(Role::text)
                .toList();
    }

    /**
     * @param roles those that the reader may give; empty where they may not change this one's
     * @param onlyOwner why the role stays
     */
    public record Edit(Row row, Form form, List<String> roles, boolean onlyOwner) {
        public Edit {
            roles = List.copyOf(roles);
        }
    }

    @GetMapping("/{id}/edit")
    ResponseEntity<byte[]> edit(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Members.Departure facts = members.departure(caller, id);
        PortalSessions.requireRecent(request, ADDRESS + "/" + id + "/edit");
        Member member = facts.member();
        Form form = Form.of(Map.of("name", member.name(), "role", member.role().text()));
        return pages.show(request, "accounts/member-edit", edit(caller, facts, form));
    }

    private static Edit edit(Caller caller, Members.Departure facts, Form form) {
        Row row = row(caller, facts.member());
        boolean mayGive = row.managed() && !facts.onlyOwner();
        return new Edit(row, form, mayGive ? given(caller) : List.of(), facts.onlyOwner());
    }

    @PostMapping("/{id}/edit")
    ResponseEntity<byte[]> change(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Members.Departure facts = members.departure(caller, id);
        PortalSessions.requireRecent(request, ADDRESS + "/" + id + "/edit");
        Form form = Form.of(request);
        try {
            FormBody body = new FormBody(request).textIfTyped("role").textOrNull("name");
            Member after = MembersApi.change(members, caller, id, body.input(), version -> {});
            boolean stillHere = !self(caller, id) || after.role().reach(Right.MANAGE) == Reach.ALL;
            return Pages.go((stillHere ? ADDRESS : "/projects") + "?done=member-changed");
        } catch (ProblemException e) {
            return pages.again(request, e.problem(), "accounts/member-edit", edit(caller, facts, form.with(e)));
        }
    }

    /** @param offer to whom everything of theirs can go; nothing where there is nothing */
    public record Removal(Members.Departure facts, boolean self, Form form, MemberChoice.@Nullable Offer offer) {}

    @GetMapping("/{id}/remove")
    ResponseEntity<byte[]> question(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Members.Departure facts = members.departure(caller, id);
        PortalSessions.requireRecent(request, ADDRESS + "/" + id + "/remove");
        return pages.show(request, "accounts/member-remove", removal(caller, facts, Form.of(request)));
    }

    private Removal removal(Caller caller, Members.Departure facts, Form form) {
        String id = facts.member().id();
        return new Removal(facts, self(caller, id), form, facts.owns() ? choice.offer(caller, id) : null);
    }

    @PostMapping("/{id}/remove")
    ResponseEntity<byte[]> remove(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Members.Departure facts = members.departure(caller, id);
        PortalSessions.requireRecent(request, ADDRESS + "/" + id + "/remove");
        Form form = Form.of(request);
        try {
            FormBody body = new FormBody(request);
            if (body.typed("newOwnerId")) {
                body.put(
                        "newOwnerId", choice.id(caller, form.value("newOwnerId").strip()));
            }
            MembersApi.remove(members, caller, id, body.input());
            return Pages.go(self(caller, id) ? "/sign-in?done=left" : ADDRESS + "?done=member-removed");
        } catch (ProblemException e) {
            return pages.again(request, e.problem(), "accounts/member-remove", removal(caller, facts, form.with(e)));
        }
    }

    /** The reader's own way out, for every role. */
    @GetMapping("/leave")
    ResponseEntity<byte[]> leave(Caller caller, HttpServletRequest request) {
        return Pages.go(ADDRESS + "/" + Objects.requireNonNull(caller.member()).id() + "/remove");
    }

    /** @param link shown this once; nothing before it was made */
    public record Link(Member member, @Nullable String link) {}

    @GetMapping("/{id}/recovery")
    ResponseEntity<byte[]> offer(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Member member = managed(caller, id);
        PortalSessions.requireRecent(request, ADDRESS + "/" + id + "/recovery");
        return pages.show(request, "accounts/member-recovery", new Link(member, null));
    }

    /** Each time another link, which ends the former. */
    @PostMapping("/{id}/recovery")
    ResponseEntity<byte[]> offered(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Member member = managed(caller, id);
        PortalSessions.requireRecent(request, ADDRESS + "/" + id + "/recovery");
        String link = recovery.offerTo(caller, id, base.get());
        return pages.show(request, "accounts/member-recovery", new Link(member, link));
    }

    private Member managed(Caller caller, String id) {
        caller.require(Right.MANAGE);
        return members.get(caller, id);
    }
}
