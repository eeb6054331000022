package dev.keyrack.server.http;

import com.google.crypto.tink.subtle.AesGcmJce;
import dev.keyrack.server.store.Keyset;
import dev.keyrack.verifier.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Names and encrypts what is kept of calls under an Idempotency-Key.
 *
 * <p>Guarantees: a sealed answer opens only with the keyset, the Idempotency-Key and the credential of its call, all three
 * (AES-256-GCM under HKDF-SHA-256 of them). Ids and request hashes are HMAC-SHA-256 under keys from the keyset, so that
 * nobody without it can try Idempotency-Keys or bodies against the database.
 */
final class AnswerSeal {
    private static final String PURPOSE = "idempotency/";

    private final SecretKey ids;
    private final SecretKey requests;
    private final SecretKey answers;

    AnswerSeal(Keyset keyset) {
        this.ids = keyset.derive(PURPOSE + "id");
        this.requests = keyset.derive(PURPOSE + "request");
        this.answers = keyset.derive(PURPOSE + "answer");
    }

    /** @param content the body, in one spelling for each meaning */
    IdempotentCall call(Credential caller, String method, String path, Secret key, String content) {
        String id = mac(ids, framed(caller.caller(), method, path, key.reveal()));
        return new IdempotentCall(id, mac(requests, framed(id, content)), key, caller.token());
    }

    String seal(IdempotentCall call, String answer) {
        try {
            byte[] sealed = aead(call).encrypt(answer.getBytes(StandardCharsets.UTF_8), place(call));
            return Base64.getEncoder().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encryption failed", e);
        }
    }

    /** What {@link #seal} was given; nothing when that was another call, or the same one with another credential. */
    Optional<String> open(IdempotentCall call, String sealed) {
        try {
            byte[] answer = aead(call).decrypt(Base64.getDecoder().decode(sealed), place(call));
            return Optional.of(new String(answer, StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private AesGcmJce aead(IdempotentCall call) throws GeneralSecurityException {
        byte[] key = KDF.getInstance("HKDF-SHA256")
                .deriveData(HKDFParameterSpec.ofExtract()
                        .addIKM(answers)
                        .addIKM(framed(call.key().reveal(), call.token().reveal()))
                        .addSalt(framed(call.id()))
                        .thenExpand((PURPOSE + "sealed").getBytes(StandardCharsets.UTF_8), 32));
        return new AesGcmJce(key);
    }

    private static byte[] place(IdempotentCall call) {
        return framed(call.id(), call.requestHash());
    }

    private static String mac(SecretKey key, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of Java", e);
        }
    }

    /** Each part after its length, so that no two lists of parts are the same bytes. */
    private static byte[] framed(String... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String part : parts) {
            byte[] text = part.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(
                    ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
            bytes.writeBytes(text);
        }
        return bytes.toByteArray();
    }
}
