package dev.keyrack.server.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The program as the tests start it: the class path of the tests, with folders of classes made into jars, and an
 * ahead-of-time cache for it, as ./keyrack has. Made once for each state of the classes, and kept with the build.
 */
record ProgramFiles(String classPath, Path cache, Path gateCache) {
    static final List<String> FLAGS = List.of(
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1");

    /** Made when it is first needed. */
    private static final class Shared {
        static final ProgramFiles FILES = make();
    }

    static ProgramFiles get() {
        return Shared.FILES;
    }

    /** Each of the two ways to run has its own: what a cache holds is loaded at the start. */
    Path cacheFor(String command) {
        return command.equals("gate") ? gateCache : cache;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** One JVM of the tests at a time: several run beside each other, and share what is made. */
    private static ProgramFiles make() {
        try {
            Path folder = Files.createDirectories(
                    Path.of(System.getProperty("keyrack.root"), "server", "target", "process-tests"));
            try (FileChannel channel = FileChannel.open(
                            folder.resolveSibling("process-tests.lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                return make(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProgramFiles make(Path folder) {
        try {
            List<String> parts = new ArrayList<>();
            MessageDigest state = MessageDigest.getInstance("SHA-256");
            for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                if (part.isEmpty()) {
                    continue; // means the current folder, which holds no classes of ours
                }
                Path path = Path.of(part);
                if (Files.isDirectory(path) && !path.endsWith("test-classes")) {
                    parts.add(jar(path, folder, state).toString());
                } else if (part.endsWith(".jar")) {
                    parts.add(part);
                    state.update((part + Files.getLastModifiedTime(path)).getBytes(StandardCharsets.UTF_8));
                }
            }
            String classPath = String.join(File.pathSeparator, parts);
            String name = HexFormat.of().formatHex(state.digest(), 0, 8);
            Path cache = folder.resolve(name + ".aot");
            Path gateCache = folder.resolve(name + "-gate.aot");
            if (!Files.exists(gateCache)) {
                deleteOthers(folder, parts);
                train(classPath, cache, folder, "serve");
                train(classPath, gateCache, folder, "gate");
            }
            return new ProgramFiles(classPath, cache, gateCache);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The jar of these classes, named by what is in it; an existing one is kept, as the cache is tied to its time. */
    private static Path jar(Path classes, Path folder, MessageDigest state)
            throws IOException, NoSuchAlgorithmException {
        MessageDigest content = MessageDigest.getInstance("SHA-256");
        Path draft = folder.resolve("draft-" + ProcessHandle.current().pid() + ".jar");
        try (Stream<Path> all = Files.walk(classes);
                JarOutputStream jar = new JarOutputStream(Files.newOutputStream(draft));
                OutputStream both = new DigestOutputStream(jar, content)) {
            for (Path file : all.skip(1).sorted().toList()) {
                boolean inner = Files.isDirectory(file);
                String name = classes.relativize(file) + (inner ? "/" : "");
                content.update(name.getBytes(StandardCharsets.UTF_8));
                jar.putNextEntry(new JarEntry(name));
                if (!inner) {
                    Files.copy(file, both);
                }
            }
        }
        byte[] digest = content.digest();
        state.update(digest);
        Path jar = folder.resolve("classes-" + HexFormat.of().formatHex(digest, 0, 8) + ".jar");
        if (Files.exists(jar)) {
            Files.delete(draft);
        } else {
            Files.move(draft, jar, StandardCopyOption.ATOMIC_MOVE);
        }
        return jar;
    }

    /** What was made for former states of the classes: a cache is large. */
    private static void deleteOthers(Path folder, List<String> kept) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!kept.contains(file.toString())) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void train(String classPath, Path cache, Path folder, String task) throws IOException {
        Path scratch = Files.createTempDirectory(folder, "training");
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(FLAGS);
        command.addAll(
                List.of("-XX:AOTCacheOutput=" + cache, "-cp", classPath, Program.MAIN, task, "--exit-when-ready"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("log").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("KEYRACK_"));
        builder.environment().put("KEYRACK_DATA", scratch.resolve("data").toString());
        builder.environment().put("KEYRACK_PORT", "0");
        builder.environment().put("KEYRACK_GATE_PORT", "0");
        if (task.equals("gate")) {
            builder.environment().put("KEYRACK_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing");
        }
        Process process = builder.start();
        try {
            if (!process.waitFor(Wait.PATIENCE.toSeconds() * 2, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError("the program does not start:\n" + Files.readString(scratch.resolve("log")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
            Folder.delete(scratch);
        }
    }
}
