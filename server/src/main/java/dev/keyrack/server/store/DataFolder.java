package dev.keyrack.server.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder of the embedded store, held by one process at a time.
 *
 * <p>Guarantee: while this object is open, no other Keyrack process has it. The lock is the system's, so it ends with the
 * process however that ends.
 */
public final class DataFolder implements AutoCloseable {
    private static final String DATABASE = "keyrack.db";

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataFolder(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes the folder, making it when it is not there.
     *
     * @return nothing when another process has it
     * @throws CannotStart if it cannot be made or written
     */
    public static Optional<DataFolder> take(Path path) {
        FileChannel channel = null;
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            channel = FileChannel.open(
                    path.resolve("lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(new DataFolder(path, channel, lock));
        } catch (IOException e) {
            throw new CannotStart("The data folder " + path + " cannot be written: "
                    + CannotStart.why(e)
                    + ". Give this user the right to write it, or name another folder in KEYRACK_DATA.");
        }
    }

    /** Whether a process has the folder at this moment. Makes nothing. */
    public static boolean taken(Path path) {
        if (!Files.exists(path.resolve("lock"))) {
            return false;
        }
        Optional<DataFolder> folder = take(path);
        folder.ifPresent(DataFolder::close);
        return folder.isEmpty();
    }

    /** Whether there is a store in the folder. */
    public static boolean holdsStore(Path path) {
        return Files.exists(path.resolve(DATABASE));
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    public Path path() {
        return path;
    }

    Path database() {
        return path.resolve(DATABASE);
    }

    /** The keyset's place when the settings name no other. */
    public Path keyset() {
        return path.resolve("keyset.json");
    }

    /** Where it is written how far the audit trail reaches. */
    public Path anchors() {
        return path.resolve("audit.anchors");
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the lock of the data folder could not be released", e);
        }
    }
}
