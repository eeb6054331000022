package dev.keyrack.chaos;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Everything that was done and seen, in memory and as JSON lines in a file. Any number of threads may add to it. */
final class History implements AutoCloseable {
    private final long began = System.nanoTime();
    private final Path file;
    private final BufferedWriter lines;
    private final List<Event> events = new ArrayList<>();
    private boolean closed;

    History(Path file) throws IOException {
        this.file = file;
        this.lines = Files.newBufferedWriter(file);
    }

    /** The clock of all times in it. */
    long now() {
        return System.nanoTime() - began;
    }

    Path file() {
        return file;
    }

    /** What comes in after the end is nobody's any more. */
    synchronized void add(Event event) {
        if (closed) {
            return;
        }
        events.add(event);
        ObjectNode json = JsonMapper.shared().valueToTree(event);
        try {
            lines.write(json.put("event", event.getClass().getSimpleName()).toString());
            lines.newLine();
        } catch (IOException e) {
            throw new UncheckedIOException("the history cannot be written", e);
        }
    }

    /** All of it until now. */
    synchronized List<Event> events() {
        return List.copyOf(events);
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        lines.close();
    }
}
