package dev.keyrack.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.subtle.Ed25519Verify;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Promise: how far each trail reached is written down outside the database, once for each growth, signed. */
@Tag("engines")
class AnchorsTest {
    @TempDir
    Path path;

    private TestingTrail trail;

    @BeforeEach
    void open() {
        trail = new TestingTrail(path);
    }

    @AfterEach
    void close() {
        trail.close();
    }

    private List<String> lines() throws Exception {
        return Files.readAllLines(trail.anchorFile());
    }

    @Test
    void onlyATrailThatHasGrownIsAnchoredAlsoAfterANewStart() throws Exception {
        trail.anchors().write();
        assertThat(trail.anchorFile()).doesNotExist();
        trail.events("a", 3);
        trail.events("b", 1);
        trail.anchors().write();
        trail.anchors().write();
        assertThat(lines()).hasSize(2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(trail.anchorFile())))
                .isEqualTo("rw-------");
        List<String> before = lines();
        trail.restart();
        trail.anchors().write();
        assertThat(lines()).isEqualTo(before);
        trail.events("b", 1);
        trail.anchors().write();
        assertThat(lines()).hasSize(3).startsWith(before.toArray(String[]::new));
        assertThat(trail.verify().findings()).isEmpty();
        assertThat(trail.verify().anchors()).isEqualTo(3);
    }

    @Test
    void lineThatALostProcessLeftUnfinishedIsNone() throws Exception {
        trail.events("a", 1);
        trail.anchors().write();
        Files.writeString(trail.anchorFile(), "{\"at\":\"2030", StandardOpenOption.APPEND);
        assertThat(trail.verify().whole()).isTrue();
        trail.events("a", 1);
        trail.restart();
        trail.anchors().write();
        assertThat(lines()).hasSize(2);
        assertThat(trail.verify().findings()).isEmpty();
    }

    @Test
    void anchorThatCannotBeWrittenIsWrittenTheNextTime() throws Exception {
        Files.createDirectory(trail.anchorFile());
        trail.events("a", 1);
        trail.anchors().write();
        assertThat(trail.verify().findings()).extracting(Finding::fault).containsExactly(Finding.Fault.ANCHOR);
        Files.delete(trail.anchorFile());
        trail.anchors().write();
        assertThat(lines()).hasSize(1);
    }

    @Test
    void anyoneWithThePublicKeyCanCheckAnExportedAnchor() throws Exception {
        trail.events("a", 2);
        JsonNode anchor = JsonMapper.shared().readTree(trail.exported());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream message = new DataOutputStream(bytes);
        text(message, "keyrack audit anchor 1");
        text(message, anchor.path("at").stringValue());
        text(message, anchor.path("organizationId").stringValue());
        message.writeByte(2);
        message.writeLong(anchor.path("count").longValue());
        text(message, anchor.path("mac").stringValue());
        message.writeByte(0);
        text(message, anchor.path("key").stringValue());
        Base64.Decoder base64 = Base64.getUrlDecoder();
        new Ed25519Verify(base64.decode(anchor.path("key").stringValue()))
                .verify(base64.decode(anchor.path("signature").stringValue()), bytes.toByteArray());
        assertThat(anchor.path("previous").isNull()).isTrue();
    }

    private static void text(DataOutputStream out, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(1);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
