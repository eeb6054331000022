package dev.keyrack.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is in a folder, byte by byte. */
final class Folder {
    private Folder() {}

    /**
     * Every file with its rights and a digest of its bytes, to be compared before and after. The lock is left out: it is
     * empty, and taking the folder makes it.
     */
    static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> all = new TreeMap<>();
        if (!Files.exists(folder)) {
            return all;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> !f.endsWith("lock")).toList()) {
                String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                all.put(
                        folder.relativize(file).toString(),
                        Files.isDirectory(file)
                                ? rights
                                : rights + " " + Files.size(file) + " " + Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return all;
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
