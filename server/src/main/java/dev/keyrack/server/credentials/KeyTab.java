package dev.keyrack.server.credentials;

import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.accounts.Member;
import dev.keyrack.server.accounts.Right;
import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.verifier.KeyState;
import dev.keyrack.verifier.Sentence;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * What every page about one key shows: which key, and what its reader may do with it.
 *
 * @param version as which a form of the page was read
 * @param disabled whether it is, also where it is expired as well
 * @param changes whether the reader may edit, regenerate, reveal and revoke it
 * @param diagnoses whether the reader may disable it, try it and see its refusals
 */
public record KeyTab(KeyRow key, long version, boolean disabled, boolean changes, boolean diagnoses) {
    /** The field of a form that says which version it shows. */
    public static final String VERSION = "version";

    static KeyTab of(Caller caller, Key key, Projects projects) {
        Map<String, String> names = projects.names(caller, Set.of(key.projectId()));
        return new KeyTab(
                KeyRow.of(key, names, caller.at()),
                key.version(),
                key.state() == KeyState.DISABLED,
                may(caller, Right.CHANGE_KEYS, key),
                may(caller, Right.DIAGNOSE_KEYS, key));
    }

    private static boolean may(Caller caller, Right right, Key key) {
        Member member = caller.member();
        return switch (caller.reach(right)) {
            case ALL -> true;
            case OWN -> member != null && member.id().equals(key.ownerId());
            case NONE -> false;
        };
    }

    /** Where the key's page is. */
    public static String address(String id) {
        return "/settings/api-keys/" + id;
    }

    public String address() {
        return address(key.id());
    }

    /** Whether it configures the web component. */
    public boolean web() {
        return key.type().equals("web");
    }

    /** Whether the reader may change it, and it can still be changed. */
    public boolean editable() {
        return changes && !key.revoked();
    }

    /** Refuses a form that shows another version than there is: the form's If-Match. A form that says none is not the page's. */
    public static LongConsumer shown(String version) {
        return now -> {
            if (!version.equals(String.valueOf(now))) {
                throw new ProblemException(new Problem.PreconditionFailed(Sentence.of("problem.key-changed")));
            }
        };
    }
}
