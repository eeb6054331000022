package dev.keyrack.server.store;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.keyrack.verifier.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Set;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The master keyset: what publishable tokens are encrypted with (AES-256-GCM through Tink), and what the keys for all other
 * purposes are derived from.
 *
 * <p>Guarantee: the key material leaves this class only as the file it is kept in, readable by its owner alone, and as
 * derived keys, none of which tells anything of another. A ciphertext opens only with the same associated data that it was
 * made with.
 */
public final class Keyset {
    private final Aead aead;
    private final byte[] root;

    @AccessesPartialKey
    private Keyset(KeysetHandle handle) throws GeneralSecurityException {
        this.aead = handle.getPrimitive(RegistryConfiguration.get(), Aead.class);
        // The first key, not the primary one: it stays what it is when a key is added.
        if (!(handle.getAt(0).getKey() instanceof AesGcmKey first)) {
            throw new GeneralSecurityException("the keyset is for another algorithm");
        }
        this.root = first.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get());
    }

    /**
     * Reads the keyset from text.
     *
     * @param what the keyset and its place, as a sentence begins
     */
    static Keyset parse(String json, String what) {
        try {
            AeadConfig.register();
            return new Keyset(TinkJsonProtoKeysetFormat.parseKeyset(
                    json, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()));
        } catch (GeneralSecurityException | RuntimeException e) {
            // The cause stays out: nobody promises that it does not quote what it could not read.
            throw new CannotStart(what + " is damaged or is none. Restore it from its backup.");
        }
    }

    /**
     * Reads the keyset from its file.
     *
     * @throws CannotStart if it is missing, unreadable, readable by others, or no keyset
     */
    static Keyset read(Path file) {
        String json;
        try {
            json = Files.readString(file);
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(p -> !p.name().startsWith("OWNER_"))) {
                throw new CannotStart("The keyset " + file + " can be read by others than its owner ("
                        + PosixFilePermissions.toString(permissions) + "). Run: chmod 600 " + file);
            }
        } catch (CharacterCodingException e) {
            json = "";
        } catch (NoSuchFileException e) {
            throw new CannotStart("The keyset " + file + " is missing, but the database beside it needs it."
                    + " Restore it from its backup, or name its place in KEYRACK_KEYSET_FILE.");
        } catch (IOException e) {
            throw new CannotStart("The keyset " + file + " cannot be read: " + CannotStart.why(e)
                    + ". Give this user the right to read it.");
        }
        return parse(json, "The keyset " + file);
    }

    /** Makes a new keyset and its file, which is there whole or not at all. */
    static Keyset create(Path file) {
        try {
            AeadConfig.register();
            KeysetHandle handle =
                    KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get());
            byte[] json = TinkJsonProtoKeysetFormat.serializeKeyset(
                            handle, RegistryConfiguration.get(), InsecureSecretKeyAccess.get())
                    .getBytes(StandardCharsets.UTF_8);
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(draft);
            try (FileChannel channel = FileChannel.open(
                    draft,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer bytes = ByteBuffer.wrap(json);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            return new Keyset(handle);
        } catch (IOException e) {
            throw new CannotStart("The keyset " + file + " cannot be written: " + CannotStart.why(e)
                    + ". Make the folder writable, or name another place in KEYRACK_KEYSET_FILE.");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is part of Tink", e);
        }
    }

    /** Encrypts a text for this place only. */
    public String seal(Secret text, String place) {
        try {
            byte[] ciphertext = aead.encrypt(
                    text.reveal().getBytes(StandardCharsets.UTF_8), place.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(ciphertext);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encryption failed", e);
        }
    }

    /**
     * Decrypts what {@link #seal} made for this place.
     *
     * @throws GeneralSecurityException if it was made for another place, with another keyset, or was changed
     */
    public Secret open(String ciphertext, String place) throws GeneralSecurityException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(ciphertext);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("the ciphertext is not Base64", e);
        }
        byte[] text = aead.decrypt(bytes, place.getBytes(StandardCharsets.UTF_8));
        return Secret.of(new String(text, StandardCharsets.UTF_8));
    }

    /**
     * The key for one purpose (HKDF-SHA-256, RFC 5869), always the same one. Keysets from before there were derived keys
     * have them, too.
     *
     * @param purpose a name that nothing else uses
     */
    public SecretKey derive(String purpose) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            "HmacSHA256",
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(root)
                                    .thenExpand(("keyrack/derived/" + purpose).getBytes(StandardCharsets.UTF_8), 32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 is part of Java", e);
        }
    }

    @Override
    public String toString() {
        return "Keyset[redacted]";
    }
}
