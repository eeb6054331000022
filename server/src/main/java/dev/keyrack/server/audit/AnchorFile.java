package dev.keyrack.server.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Anchors on the host of the control plane, where whoever writes the database need not be able to write: one on a line,
 * only ever appended, readable by its owner alone.
 */
final class AnchorFile {
    private final Path path;

    AnchorFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** How many bytes of whole lines there are. */
    long size() throws IOException {
        if (!Files.exists(path)) {
            return 0;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return wholeLines(channel);
        }
    }

    /** Up to the last line feed: a line that a lost process left unfinished never was one. */
    private static long wholeLines(FileChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (long end = channel.size(); end > 0; end--) {
            channel.read(one.clear(), end - 1);
            if (one.get(0) == '\n') {
                return end;
            }
        }
        return 0;
    }

    AnchorLines lines(long bytes) throws IOException {
        return new AnchorLines(bytes == 0 ? InputStream.nullInputStream() : Files.newInputStream(path), bytes);
    }

    /** Returns when they are on disk. */
    void append(List<Anchor> anchors) throws IOException {
        StringBuilder text = new StringBuilder();
        anchors.forEach(anchor -> text.append(anchor.line()).append('\n'));
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            long end = wholeLines(channel);
            channel.truncate(end).position(end);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
