package dev.keyrack.server.http;

import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import dev.keyrack.verifier.TokenFormat;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** What a request says beside its parameters: id, body, preconditions. */
public final class Requests {
    /** Largest body, in bytes: ten thousand networks fit four times. */
    static final int MAX_BODY = 1 << 20;

    /** Longest origin that is taken for one, in characters: a host name has 253. */
    private static final int MAX_ORIGIN = 300;

    private static final Duration BODY_TIME = Duration.ofSeconds(30);

    static final String ID = "keyrack.request-id";

    /** The other end of the connection, whatever a proxy told. */
    static final String PEER = "keyrack.peer";

    /** Present where the client's address is known: no proxy stands in between, or a trusted one has told it. */
    static final String KNOWN_ADDRESS = "keyrack.known-address";

    private Requests() {}

    /** The id that runs through answer, problem, log and audit. */
    public static String id(HttpServletRequest request) {
        return (String) request.getAttribute(ID);
    }

    /** The address of the connection, which may be a proxy's. */
    public static String peer(HttpServletRequest request) {
        return (String) request.getAttribute(PEER);
    }

    /** The client's own address; nothing where a proxy passed the request on and nobody said how to read it. */
    public static Optional<String> knownAddress(HttpServletRequest request) {
        return Optional.ofNullable((String) request.getAttribute(KNOWN_ADDRESS));
    }

    /** Whether a proxy says that it passed the request on. */
    public static boolean forwarded(HttpServletRequest request) {
        return Collections.list(request.getHeaderNames()).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> name.equals("forwarded") || name.equals("via") || name.startsWith("x-forwarded-"));
    }

    /**
     * Reads the body as one JSON object.
     *
     * @throws ProblemException if it is too large, not UTF-8, or not one JSON object
     */
    public static JsonInput body(HttpServletRequest request) {
        return JsonInput.parse(text(bytes(request, MAX_BODY)));
    }

    /**
     * Reads the body as text.
     *
     * @param max in bytes
     * @throws ProblemException if it is larger, or not UTF-8
     */
    public static String text(HttpServletRequest request, int max) {
        return text(bytes(request, max));
    }

    /** As {@link #body}, where an absent body means an object without fields, and needs no content type. */
    public static JsonInput optionalBody(HttpServletRequest request) {
        byte[] bytes = bytes(request, MAX_BODY);
        if (bytes.length > 0 && !isJson(request.getContentType())) {
            throw new ProblemException(new Problem.UnsupportedMediaType(
                    Sentence.of("problem.media-type", MediaType.APPLICATION_JSON_VALUE)));
        }
        return JsonInput.parse(bytes.length == 0 ? "{}" : text(bytes));
    }

    private static boolean isJson(@Nullable String contentType) {
        try {
            return contentType != null && MediaType.APPLICATION_JSON.includes(MediaType.parseMediaType(contentType));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    /**
     * Reads the body as it is.
     *
     * @throws ProblemException if it is larger than this, in bytes
     */
    public static byte[] bytes(HttpServletRequest request, int max) {
        if (request.getContentLengthLong() > max) {
            throw tooLarge(max);
        }
        try (InputStream in = request.getInputStream()) {
            byte[] bytes = read(in, BODY_TIME, max);
            if (bytes.length > max) {
                throw tooLarge(max);
            }
            return bytes;
        } catch (IOException e) {
            // Broken off, too slow, or framed wrongly: in each case it is the caller's.
            throw new ProblemException(new Problem.InvalidRequest(Sentence.of("problem.body-unread"), List.of()));
        }
    }

    /** At most one byte more than is allowed. A caller gets its time for the whole body, not for each byte of it. */
    static byte[] read(InputStream in, Duration time) throws IOException {
        return read(in, time, MAX_BODY);
    }

    private static byte[] read(InputStream in, Duration time, int max) throws IOException {
        long deadline = System.nanoTime() + time.toNanos();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        for (int count = in.read(chunk); count >= 0 && bytes.size() <= max; count = in.read(chunk)) {
            bytes.write(chunk, 0, count);
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("the body took too long");
            }
        }
        return bytes.toByteArray();
    }

    private static ProblemException tooLarge(int max) {
        return new ProblemException(new Problem.PayloadTooLarge(Sentence.of("problem.body-bytes", max)));
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProblemException(new Problem.InvalidJson(Sentence.of("problem.not-utf-8")));
        }
    }

    /**
     * Holds the caller's If-Match against the current version (RFC 9110, section 13.1.1).
     *
     * @throws ProblemException if the header is there and names another version
     */
    public static void requireMatch(HttpServletRequest request, long version) {
        List<String> given = Collections.list(request.getHeaders("If-Match"));
        if (given.isEmpty()) {
            return;
        }
        for (String header : given) {
            for (String tag : header.split(",", -1)) {
                if (tag.strip().equals("*") || tag.strip().equals(etag(version))) {
                    return;
                }
            }
        }
        throw new ProblemException(new Problem.PreconditionFailed(Sentence.of("problem.precondition", etag(version))));
    }

    /**
     * The origin of the page that asks (RFC 6454), as its browser told it; nothing where none was told. Browsers leave it
     * out where a page reads from its own server, and say that in a header that no page can set (Fetch Metadata).
     *
     * @param own Keyrack's own
     */
    public static @Nullable String origin(HttpServletRequest request, String own) {
        List<String> sent = Collections.list(request.getHeaders("Origin"));
        if (sent.isEmpty()) {
            return "same-origin".equals(request.getHeader("Sec-Fetch-Site")) ? own : null;
        }
        return sent.size() == 1 && sent.getFirst().length() <= MAX_ORIGIN ? sent.getFirst() : "null";
    }

    /** The Idempotency-Key, where a call must have one; what does not fit is noted in the body. */
    public static Secret idempotencyKey(HttpServletRequest request, JsonInput in) {
        if (request.getHeader(Idempotency.HEADER) == null) {
            in.error(Idempotency.HEADER, Sentence.of("problem.required-header"));
        }
        Secret key = Idempotency.key(request, in);
        return key == null ? Secret.of("") : key;
    }

    /** The Idempotency-Key; where there is none, one that no other call has. */
    public static Secret optionalIdempotencyKey(HttpServletRequest request, JsonInput in) {
        Secret key = Idempotency.key(request, in);
        return key == null ? Secret.of(UUID.randomUUID().toString()) : key;
    }

    /** The entity tag of a version. */
    public static String etag(long version) {
        return "\"" + version + "\"";
    }

    static Optional<String> acceptableId(@Nullable String header) {
        // A token would fit the pattern, and request ids are logged.
        return header != null
                        && header.matches("[A-Za-z0-9._-]{1,64}")
                        && TokenFormat.parse(header).isEmpty()
                ? Optional.of(header)
                : Optional.empty();
    }
}
