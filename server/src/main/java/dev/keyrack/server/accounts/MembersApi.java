package dev.keyrack.server.accounts;

import dev.keyrack.server.http.JsonInput;
import dev.keyrack.server.http.ListQuery;
import dev.keyrack.server.http.Page;
import dev.keyrack.server.http.Requests;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Members over HTTP. */
@RestController
@RequestMapping(path = "/api/v1/members", produces = MediaType.APPLICATION_JSON_VALUE)
public final class MembersApi {
    static final ListQuery.Rules LIST = new ListQuery.Rules(
                    List.of("email", "-email", "role", "-role", "createdAt", "-createdAt"), 2)
            .searchable("email");

    private final Members members;

    public MembersApi(Members members) {
        this.members = members;
    }

    record MemberAnswer(AccountsApi.MemberBody member) {}

    record RemovedAnswer(AccountsApi.MemberBody member, long keys, long projects) {}

    @GetMapping
    Page<AccountsApi.MemberBody> list(Caller caller, HttpServletRequest request) {
        return members.list(caller, LIST.read(request)).map(AccountsApi.MemberBody::of);
    }

    @GetMapping("/{id}")
    ResponseEntity<MemberAnswer> get(Caller caller, @PathVariable String id) {
        return answer(members.get(caller, id));
    }

    @PatchMapping(
            path = "/{id}",
            consumes = {"application/merge-patch+json", MediaType.APPLICATION_JSON_VALUE})
    ResponseEntity<MemberAnswer> change(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Members.requireMayManageOthers(caller, id);
        JsonInput in = Requests.body(request);
        return answer(change(members, caller, id, in, version -> Requests.requireMatch(request, version)));
    }

    /** Reads what is to change, and changes it: the same for the form of the page. */
    static Member change(Members members, Caller caller, String id, JsonInput in, LongConsumer match) {
        Role role = in.has("role") ? role(in).orElse(null) : null;
        String name = !in.has("name") ? null : in.isNull("name") ? "" : in.name("name", 100);
        in.finish();
        return members.change(caller, id, role, name, match);
    }

    /** Nothing for what is no role, which is noted. */
    static Optional<Role> role(JsonInput in) {
        return Role.of(in.text("role", text -> Role.of(text).isPresent(), Sentence.of("problem.role")));
    }

    @DeleteMapping("/{id}")
    RemovedAnswer remove(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Members.Removed removed = remove(members, caller, id, Requests.optionalBody(request));
        return new RemovedAnswer(AccountsApi.MemberBody.of(removed.member()), removed.keys(), removed.projects());
    }

    /** Reads to whom everything goes, and removes the member: the same for the form of the page. */
    static Members.Removed remove(Members members, Caller caller, String id, JsonInput in) {
        @Nullable
        String newOwner = in.has("newOwnerId")
                ? in.text("newOwnerId", text -> text.length() <= 100, Sentence.of("problem.member-id"))
                : null;
        in.finish();
        return members.remove(caller, id, newOwner);
    }

    private static ResponseEntity<MemberAnswer> answer(Member member) {
        return ResponseEntity.ok()
                .eTag(Requests.etag(member.version()))
                .body(new MemberAnswer(AccountsApi.MemberBody.of(member)));
    }
}
