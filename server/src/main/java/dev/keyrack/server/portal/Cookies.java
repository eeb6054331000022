package dev.keyrack.server.portal;

import dev.keyrack.verifier.Secret;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.ResponseCookie;

/**
 * The cookies that the portal sets. None can be read by scripts or is sent along by other sites' forms; where the portal is
 * reached by HTTPS, each is bound to this host and to HTTPS (RFC 6265bis, section 4.1.3.2).
 */
public final class Cookies {
    private final boolean secure;

    /** @param secure whether people reach the portal by HTTPS */
    public Cookies(boolean secure) {
        this.secure = secure;
    }

    /** Which cookie. */
    public enum Kind {
        /** Who is signed in. */
        SESSION("keyrack"),
        /** Ties the forms of whoever is not signed in to their browser. */
        VISIT("keyrack-visit"),
        /** That somebody has signed in here before. */
        DEVICE("keyrack-device");

        private final String name;

        Kind(String name) {
            this.name = name;
        }
    }

    private String name(Kind kind) {
        return secure ? "__Host-" + kind.name : kind.name;
    }

    public Optional<Secret> read(HttpServletRequest request, Kind kind) {
        Cookie[] sent = request.getCookies();
        if (sent == null) {
            return Optional.empty();
        }
        for (Cookie cookie : sent) {
            if (cookie.getName().equals(name(kind)) && cookie.getValue().length() <= 500) {
                return Optional.of(Secret.of(cookie.getValue()));
            }
        }
        return Optional.empty();
    }

    /** The value of Set-Cookie. */
    public String set(Kind kind, Secret value) {
        return cookie(kind, value.reveal(), kind == Kind.DEVICE ? Duration.ofDays(400) : Duration.ofSeconds(-1));
    }

    /** The value of Set-Cookie that takes the cookie away. */
    public String clear(Kind kind) {
        return cookie(kind, "", Duration.ZERO);
    }

    private String cookie(Kind kind, String value, Duration age) {
        return ResponseCookie.from(name(kind), value)
                .path("/")
                .httpOnly(true)
                .secure(secure)
                .sameSite("Lax")
                .maxAge(age)
                .build()
                .toString();
    }
}
