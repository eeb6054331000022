package dev.keyrack.server.conversations;

import dev.keyrack.server.http.Problem;
import dev.keyrack.server.http.ProblemException;
import dev.keyrack.server.http.VisitorCode;
import dev.keyrack.server.store.Keyset;
import dev.keyrack.verifier.KeyId;
import dev.keyrack.verifier.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;

/**
 * Codes in pages of Keyrack's own, by which a session that is opened there is excused from restrictions of its key that only
 * make sense elsewhere.
 *
 * <p>Guarantee: a code is good for the one key and the kind that it was made for, until it ends, and on Keyrack's own origin
 * only. It stands in for the key's newest token there, so that no page of ours has to show that, and none ends when the key
 * gets another; the key must be good in all else.
 */
public final class PageCodes {
    private static final Duration PREVIEW = Duration.ofMinutes(15);
    private static final Duration HOSTED = Duration.ofHours(24);

    private static final Pattern FORM = Pattern.compile(
            "(preview|hosted)\\.([0-9A-Za-z]{11})\\.([0-9]{1,18})\\.([0-9A-Za-z_-]{1,100})\\.([0-9A-Za-z_-]{43})");

    private final SecretKey key;
    private final LongSupplier now;

    /** @param now microseconds since 1970 */
    public PageCodes(Keyset keyset, LongSupplier now) {
        this.key = keyset.derive("conversations/page");
        this.now = now;
    }

    /** For a member who tries out a key in the portal, for a quarter of an hour: excused from websites, networks and apps. */
    public String preview(String keyId, String memberId) {
        return code(Excused.PREVIEW, keyId, memberId, PREVIEW);
    }

    /** For the project's own page, for a day: excused from websites. */
    public String hosted(String keyId) {
        return code(Excused.HOSTED, keyId, "-", HOSTED);
    }

    private String code(Excused kind, String keyId, String whose, Duration length) {
        String unsigned = kind.text() + "." + keyId + "." + (now.getAsLong() + length.toNanos() / 1_000) + "." + whose;
        return unsigned + "." + VisitorTokens.text(VisitorTokens.hmac(key, unsigned));
    }

    /** What a code was made for. */
    record Page(KeyId key, Excused excused) {}

    /**
     * What this code is good for here; nothing if it never was good for anything.
     *
     * @throws ProblemException if its time is over: the page that it stands in can get another one
     */
    Optional<Page> read(Secret code, Place place) {
        String text = code.reveal();
        Matcher matcher = FORM.matcher(text);
        if (!place.own() || !matcher.matches()) {
            return Optional.empty();
        }
        Secret signature = Secret.of(VisitorTokens.text(VisitorTokens.hmac(key, text.substring(0, matcher.end(4)))));
        if (!signature.matches(Secret.of(matcher.group(5)))) {
            return Optional.empty();
        }
        if (now.getAsLong() >= Long.parseLong(matcher.group(3))) {
            throw new ProblemException(new Problem.Visiting(VisitorCode.PAGE_EXPIRED));
        }
        return Optional.of(new Page(new KeyId(matcher.group(2)), Excused.of(matcher.group(1))));
    }
}
